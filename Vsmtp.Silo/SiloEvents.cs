namespace Vsmtp.Silo;

/// <summary>Event ids of this project's logs: 6000 to 6999.</summary>
internal static class SiloEvents
{
    public const int SweepFailed = 6000;
    public const int Recovered = 6001;
    public const int RuleSetRefused = 6002;
}
