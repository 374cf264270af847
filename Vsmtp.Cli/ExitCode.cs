namespace Vsmtp.Cli;

/// <summary>What the shell is told.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;

    /// <summary>The command line itself was wrong.</summary>
    public const int WrongUsage = 2;
}
