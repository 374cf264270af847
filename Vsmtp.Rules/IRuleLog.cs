namespace Vsmtp.Rules;

/// <summary>Takes what rules write with <c>log</c> and <c>print</c>.</summary>
public interface IRuleLog
{
    /// <param name="text">At most 8,193 characters; whatever script and mail put in, line breaks included.</param>
    void Write(RuleLogLevel level, string text);
}
