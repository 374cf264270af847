namespace Vsmtp.Silo;

/// <summary>Event ids of this project's logs: 8000 to 8999.</summary>
internal static class SiloEvents
{
    public const int SweepFailed = 8000;
    public const int Recovered = 8001;
    public const int RuleSetRefused = 8002;
    public const int NoWatch = 8003;
    public const int RuleSetNotKept = 8004;
    public const int SiloFenced = 8005;
    public const int FenceFailed = 8006;
    public const int RuleSetWaiting = 8007;
}
