namespace Vsmtp.Rules;

/// <summary>Credentials as rules see them.</summary>
/// <param name="mechanism">Its SASL name, <c>PLAIN</c>.</param>
/// <param name="name">Whom the client says to be, prepared (RFC 4013); with ANONYMOUS what it says of itself.</param>
/// <param name="secret">
/// The password of <see cref="CredentialKind.Verify"/>, the token of <see cref="CredentialKind.BearerToken"/>; null for the others, and
/// behind the stage that judges.
/// </param>
public sealed class RuleCredentials(string mechanism, string name, HiddenText? secret = null)
{
    public string Mechanism => mechanism;

    public string Name => name;

    public HiddenText? Secret => secret;

    public CredentialKind Kind => mechanism switch
    {
        "PLAIN" or "LOGIN" or "XCLIENT" => CredentialKind.Verify,
        "ANONYMOUS" => CredentialKind.AnonymousToken,
        "XOAUTH2" or "OAUTHBEARER" => CredentialKind.BearerToken,
        _ => CredentialKind.Query,
    };

    public override string ToString() => $"{Kind} by {mechanism}";
}
