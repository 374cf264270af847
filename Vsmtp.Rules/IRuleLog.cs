namespace Vsmtp.Rules;

/// <summary>Takes what rules write with <c>log</c> and <c>print</c>.</summary>
public interface IRuleLog
{
    void Write(RuleLogLevel level, string text);
}
