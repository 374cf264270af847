namespace Vsmtp.Smtp.Server.Authentication;

/// <summary>ANONYMOUS (RFC 4505 §2): an address, or another word of at most 255 characters, or nothing.</summary>
internal sealed class AnonymousExchange : SaslExchange
{
    private const int MaxTokenChars = 255;

    private string _token = "";

    public override SaslStep Respond(ReadOnlySpan<byte> response)
    {
        // It ends in logs: none of the characters that a name may not have either.
        if (!SaslNames.TryDecode(response, out var token) || token.EnumerateRunes().Count() > MaxTokenChars || !SaslPrep.TryPrepare(token, out _))
            return SaslStep.Fail;
        _token = token;
        return new SaslStep.Ask(new SaslCredentials.AnonymousToken(token));
    }

    public override SaslStep Answer(SaslAnswer answer) => Judge(answer, _token);
}
