namespace Vsmtp.Grains;

/// <summary>Event ids of this project's logs: 4000 to 4999.</summary>
internal static class GrainEvents
{
    public const int Unreadable = 4000;
    public const int ScriptFailed = 4001;
    public const int ReturnDiscarded = 4002;
    public const int Quarantined = 4003;
    public const int Overdue = 4004;
    public const int NotOffered = 4020;
    public const int Withdrawn = 4021;
    public const int NotWoken = 4090;
}
