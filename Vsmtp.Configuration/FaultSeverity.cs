namespace Vsmtp.Configuration;

public enum FaultSeverity
{
    /// <summary>The server starts all the same.</summary>
    Warning,

    /// <summary>There is no configuration.</summary>
    Error,
}
