using Vsmtp.Rules;

namespace Vsmtp.Gateway.Authentication;

/// <summary>Keeps a password out of what rules log while they judge it.</summary>
internal sealed class MaskedRuleLog(IRuleLog log, HiddenText secret) : IRuleLog
{
    public void Write(RuleLogLevel level, string text) => log.Write(level, Mask(text, secret));

    public static string Mask(string text, HiddenText? secret) => secret?.Reveal() is { Length: > 0 } hidden
        ? text.Replace(hidden, secret.ToString(), StringComparison.Ordinal)
        : text;
}
