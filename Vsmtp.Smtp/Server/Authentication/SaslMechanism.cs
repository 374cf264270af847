using System.Collections.Immutable;

namespace Vsmtp.Smtp.Server.Authentication;

/// <summary>A way to authenticate (RFC 4422), as the server speaks it.</summary>
public sealed class SaslMechanism
{
    private readonly Func<string, SaslExchange> _begin;

    private SaslMechanism(string name, bool isClientFirst, Func<string, SaslExchange> begin) =>
        (Name, IsClientFirst, _begin) = (name, isClientFirst, begin);

    /// <summary>RFC 4616.</summary>
    public static SaslMechanism Plain { get; } = new("PLAIN", true, _ => new PlainExchange());

    /// <summary>draft-murchison-sasl-login.</summary>
    public static SaslMechanism Login { get; } = new("LOGIN", false, _ => new LoginExchange());

    /// <summary>RFC 7677.</summary>
    public static SaslMechanism ScramSha256 { get; } = new("SCRAM-SHA-256", true, _ => new ScramExchange(ScramExchange.MakeNonce()));

    /// <summary>RFC 2195.</summary>
    public static SaslMechanism CramMd5 { get; } = new("CRAM-MD5", false, domain => new CramMd5Exchange(CramMd5Exchange.MakeChallenge(domain)));

    /// <summary>RFC 4505.</summary>
    public static SaslMechanism Anonymous { get; } = new("ANONYMOUS", true, _ => new AnonymousExchange());

    /// <summary>Google's forerunner of <see cref="OAuthBearer"/>.</summary>
    public static SaslMechanism XOAuth2 { get; } = new("XOAUTH2", true, _ => new XOAuth2Exchange());

    /// <summary>RFC 7628.</summary>
    public static SaslMechanism OAuthBearer { get; } = new("OAUTHBEARER", true, _ => new OAuthBearerExchange());

    /// <summary>None of ours: a proxy has judged, and says so with XCLIENT (Postfix XCLIENT_README).</summary>
    public static SaslMechanism XClient { get; } = new("XCLIENT", true, _ => throw new InvalidOperationException("A proxy's word is no exchange."));

    /// <summary>All that there are for clients.</summary>
    public static ImmutableArray<SaslMechanism> All { get; } = [Plain, Login, ScramSha256, CramMd5, Anonymous, XOAuth2, OAuthBearer];

    /// <summary>As IANA has registered it, in upper case (RFC 4422 §3.1).</summary>
    public string Name { get; }

    /// <summary>The client has the first word, and may say it with AUTH (RFC 4954 §4).</summary>
    public bool IsClientFirst { get; }

    /// <param name="name">In upper case.</param>
    /// <exception cref="InvalidOperationException">There is none of that name.</exception>
    public static SaslMechanism Named(string name) => All.First(mechanism => mechanism.Name == name);

    public override string ToString() => Name;

    /// <param name="domain">Our name.</param>
    internal SaslExchange Begin(string domain) => _begin(domain);
}
