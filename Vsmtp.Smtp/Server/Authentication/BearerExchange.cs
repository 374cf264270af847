using System.Diagnostics.CodeAnalysis;

namespace Vsmtp.Smtp.Server.Authentication;

/// <summary>A token of an authorization server in key and value pairs (RFC 7628 §3.1), each ended by 0x01.</summary>
internal abstract class BearerExchange(SaslMechanism mechanism) : SaslExchange
{
    private const byte Separator = 1;
    private const string Scheme = "Bearer ";

    private string _name = "";

    public sealed override SaslStep Respond(ReadOnlySpan<byte> response)
    {
        if (!SaslNames.TryDecode(response, out var text) || !TryRead(text, out var user, out var authorization)
            || !SaslNames.TryPrepare(user, out var name) || !TryReadToken(authorization, out var token))
        {
            return Refusal;
        }

        _name = name;
        return new SaslStep.Ask(new SaslCredentials.BearerToken(mechanism, name, token));
    }

    public sealed override SaslStep Answer(SaslAnswer answer) =>
        answer is SaslAnswer.Accept or SaslAnswer.Unavailable ? Judge(answer, _name) : Refusal;

    /// <summary>RFC 7628 §3.2.2: the client learns in JSON what is wrong, and answers with a word of no meaning.</summary>
    protected abstract SaslStep Refusal { get; }

    /// <param name="text">The whole of what came.</param>
    /// <param name="authorization">The value of <c>auth</c>.</param>
    protected abstract bool TryRead(string text, [NotNullWhen(true)] out string? user, [NotNullWhen(true)] out string? authorization);

    /// <summary>Splits <c>key=value</c> 0x01 … 0x01; null when the form is another, or a key comes twice.</summary>
    protected static Dictionary<string, string>? ReadPairs(string text)
    {
        var separator = (char)Separator;
        if (text.Length < 2 || text[^1] != separator || text[^2] != separator) return null;
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in text[..^2].Split(separator))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || !pairs.TryAdd(pair[..equals], pair[(equals + 1)..])) return null;
        }

        return pairs;
    }

    /// <summary>RFC 6750 §2.1: <c>Bearer</c> and the token's <c>b64token</c>; the scheme in any case (RFC 9110 §11.1).</summary>
    private static bool TryReadToken(string authorization, [NotNullWhen(true)] out string? token)
    {
        token = authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization[Scheme.Length..].Trim(' ') : null;
        return token is { Length: > 0 } && token.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~' or '+' or '/' or '=');
    }
}

/// <summary>XOAUTH2: <c>user=NAME</c> and <c>auth=Bearer TOKEN</c>.</summary>
internal sealed class XOAuth2Exchange() : BearerExchange(SaslMechanism.XOAuth2)
{
    protected override SaslStep Refusal => new SaslStep.FailingChallenge("""{"status":"400","schemes":"bearer"}"""u8.ToArray());

    protected override bool TryRead(string text, [NotNullWhen(true)] out string? user, [NotNullWhen(true)] out string? authorization)
    {
        (user, authorization) = (null, null);
        return ReadPairs(text) is { } pairs && pairs.TryGetValue("user", out user) && pairs.TryGetValue("auth", out authorization);
    }
}

/// <summary>OAUTHBEARER (RFC 7628 §3.1): a GS2 header with the name, then the pairs.</summary>
internal sealed class OAuthBearerExchange() : BearerExchange(SaslMechanism.OAuthBearer)
{
    protected override SaslStep Refusal => new SaslStep.FailingChallenge("""{"status":"invalid_token"}"""u8.ToArray());

    protected override bool TryRead(string text, [NotNullWhen(true)] out string? user, [NotNullWhen(true)] out string? authorization)
    {
        authorization = null;
        if (!Gs2Header.TryTake(text, out var header, out var rest)) return (user = null) is not null;
        user = header.ActAs;
        return rest.Length > 1 && rest[0] == '\x01' && ReadPairs(rest[1..]) is { } pairs && pairs.TryGetValue("auth", out authorization)
            && !pairs.ContainsKey("user") && user.Length > 0;
    }
}
