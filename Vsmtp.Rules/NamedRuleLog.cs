namespace Vsmtp.Rules;

/// <summary>Puts a session's or a mail's id in front of what its rules log.</summary>
public sealed class NamedRuleLog(IRuleLog log, string id) : IRuleLog
{
    public void Write(RuleLogLevel level, string text) => log.Write(level, $"{id}: {text}");
}
