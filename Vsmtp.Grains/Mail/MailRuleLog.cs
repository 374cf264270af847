using Vsmtp.Rules;

namespace Vsmtp.Grains.Mail;

/// <summary>Puts the mail's id in front of what its rules log.</summary>
internal sealed class MailRuleLog(IRuleLog log, string id) : IRuleLog
{
    public void Write(RuleLogLevel level, string text) => log.Write(level, $"{id}: {text}");
}
