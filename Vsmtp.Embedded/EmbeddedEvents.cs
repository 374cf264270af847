namespace Vsmtp.Embedded;

/// <summary>The event ids of this project: 6000 to 6099.</summary>
internal static class EmbeddedEvents
{
    public const int HostStarted = 6000;
    public const int HostDrained = 6001;
    public const int DrainCutShort = 6002;
    public const int ActivationFailed = 6010;
    public const int DeactivationFailed = 6011;
    public const int StateWasStale = 6012;
    public const int OneWayFailed = 6020;
    public const int TimerFailed = 6030;
    public const int ReminderFailed = 6040;
    public const int ReminderSkipped = 6041;
    public const int ReminderOfNobody = 6042;
}
