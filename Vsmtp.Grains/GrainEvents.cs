namespace Vsmtp.Grains;

/// <summary>Event ids of this project's logs: 5000 to 5999.</summary>
internal static class GrainEvents
{
    public const int Unreadable = 5000;
    public const int ScriptFailed = 5001;
    public const int ReturnDiscarded = 5002;
    public const int Quarantined = 5003;
}
