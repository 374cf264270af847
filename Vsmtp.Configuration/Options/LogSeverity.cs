namespace Vsmtp.Configuration.Options;

/// <summary>From the most talkative to silence; a threshold lets through what is at or above it.</summary>
public enum LogSeverity
{
    Trace,
    Debug,
    Info,
    Warn,
    Error,
    Off,
}
