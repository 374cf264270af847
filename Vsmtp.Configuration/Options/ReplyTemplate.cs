namespace Vsmtp.Configuration.Options;

/// <summary>What a reply says: one line.</summary>
/// <param name="Code">Three digits, 200 to 559.</param>
/// <param name="Enhanced">Such as <c>5.7.1</c> (RFC 3463), of the code's own class; null: none.</param>
/// <param name="Text">Printable ASCII, without code and CRLF; <c>{domain}</c> is already the server's name.</param>
public sealed record ReplyTemplate(int Code, string? Enhanced, string Text)
{
    public override string ToString() => Enhanced is null ? $"{Code} {Text}" : $"{Code} {Enhanced} {Text}";
}
