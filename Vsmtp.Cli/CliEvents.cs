namespace Vsmtp.Cli;

/// <summary>Event ids of this project's logs: 9000 to 9999.</summary>
internal static class CliEvents
{
    public const int RulesReloaded = 9000;
    public const int ReloadWarning = 9001;
    public const int ReloadRefused = 9002;
    public const int ReloadFailed = 9003;
}
