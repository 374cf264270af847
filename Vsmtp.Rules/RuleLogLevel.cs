namespace Vsmtp.Rules;

public enum RuleLogLevel
{
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}
