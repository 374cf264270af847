using Vsmtp.Rules;

namespace Vsmtp.Gateway.Clients;

/// <summary>Puts the session in front of what its rules log.</summary>
internal sealed class SessionRuleLog(IRuleLog log, string session) : IRuleLog
{
    public void Write(RuleLogLevel level, string text) => log.Write(level, $"{session}: {text}");
}
