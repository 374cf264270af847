namespace Vsmtp.Rules;

/// <summary>A reply that a rule gives to the client.</summary>
/// <param name="Code">200 to 599.</param>
/// <param name="Enhanced">Three numbers with dots (RFC 3463 §2); null for none.</param>
/// <param name="Text">May be empty. Several lines are separated by CRLF; no other control characters.</param>
public sealed record RuleReply(int Code, string? Enhanced, string Text)
{
    /// <returns><c>501 5.7.1 text</c>.</returns>
    public override string ToString() => Enhanced is null ? $"{Code} {Text}" : $"{Code} {Enhanced} {Text}";
}
