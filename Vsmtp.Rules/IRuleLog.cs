namespace Vsmtp.Rules;

/// <summary>Takes what rules write with <c>log</c> and <c>print</c>.</summary>
public interface IRuleLog
{
    /// <param name="text">At most a few thousand characters; whatever the script or the mail put in, line breaks included.</param>
    void Write(RuleLogLevel level, string text);
}
