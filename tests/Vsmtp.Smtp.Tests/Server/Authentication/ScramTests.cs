using Vsmtp.Smtp.Server.Authentication;
using static Vsmtp.Smtp.Tests.Server.Authentication.ExchangeTests;

namespace Vsmtp.Smtp.Tests.Server.Authentication;

/// <summary>SCRAM-SHA-256 (RFC 5802, RFC 7677), names and passwords prepared (RFC 4013, RFC 3454).</summary>
public sealed class ScramTests
{
    // RFC 7677 §3.
    private const string ServerNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private const string ClientFirst = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
    private const string Nonce = "rOprNGfwEbeRWgbNEkqO" + ServerNonce;
    private const string ClientFinal = $"c=biws,r={Nonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

    private static readonly byte[] Salt = Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ==");
    private static readonly ScramVerifier Verifier = ScramVerifier.Of("pencil", Salt, 4096)!;

    [Fact]
    public void The_example_of_RFC_7677_succeeds_and_the_server_proves_itself()
    {
        var exchange = new ScramExchange(ServerNonce);
        Assert.Equal("VerifierQuery SCRAM-SHA-256 user", Asked(exchange, ClientFirst));
        Assert.Equal($"r={Nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", Text(exchange.Answer(new SaslAnswer.Verifier(Verifier))));
        Assert.Equal("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", Text(Respond(exchange, ClientFinal)));
        Assert.Equal(new SaslStep.Succeed("user"), Respond(exchange, ""));
    }

    [Theory]
    [InlineData($"c=biws,r={Nonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVA=")]
    [InlineData($"c=eSws,r={Nonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")]
    [InlineData($"c=biws,r={Nonce}")]
    [InlineData($"c=biws,r={Nonce},p=")]
    [InlineData($"c=biws,r={Nonce},p=dHzb")]
    [InlineData($"c=biws,r={Nonce},m=x,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")]
    [InlineData("")]
    public void Another_last_word_fails(string final)
    {
        var exchange = new ScramExchange(ServerNonce);
        Respond(exchange, ClientFirst);
        exchange.Answer(new SaslAnswer.Verifier(Verifier));
        Assert.Equal(SaslStep.Fail, Respond(exchange, final));
    }

    [Fact]
    public void What_was_heard_is_of_no_use_in_another_exchange()
    {
        var exchange = new ScramExchange(ScramExchange.MakeNonce());
        Respond(exchange, ClientFirst);
        exchange.Answer(new SaslAnswer.Verifier(Verifier));
        Assert.Equal(SaslStep.Fail, Respond(exchange, ClientFinal));
        Assert.Equal(100, Enumerable.Range(0, 100).Select(_ => ScramExchange.MakeNonce()).Distinct().Count());
    }

    [Theory]
    [InlineData("y,,n=user,r=abc", "user")]
    [InlineData("n,a=user,n=user,r=abc", "user")]
    [InlineData("n,,n=us=2Cer=3D,r=abc", "us,er=")]
    [InlineData("n,,n=user,r=abc,x=later", "user")]
    public void A_first_word_may_have_these_forms(string first, string name) =>
        Assert.Equal($"VerifierQuery SCRAM-SHA-256 {name}", Asked(new ScramExchange("n"), first));

    [Theory]
    [InlineData("p=tls-unique,,n=user,r=abc")]
    [InlineData("n,a=other,n=user,r=abc")]
    [InlineData("n,,m=ext,n=user,r=abc")]
    [InlineData("n,,n=user,r=abc,m=ext")]
    [InlineData("n,,n=us=er,r=abc")]
    [InlineData("n,,n=,r=abc")]
    [InlineData("n,,n=user,r=")]
    [InlineData("n,,n=user,r=a b")]
    [InlineData("n,,r=abc,n=user")]
    [InlineData("x,,n=user,r=abc")]
    [InlineData("n=user,r=abc")]
    public void And_not_these(string first) => Assert.Equal(SaslStep.Fail, Respond(new ScramExchange("n"), first));

    [Fact]
    public void A_name_that_nobody_has_has_a_salt_of_its_own_and_no_password()
    {
        var secret = new byte[32];
        var (one, again, other) = (ScramVerifier.MadeUpFor("a", secret), ScramVerifier.MadeUpFor("a", secret), ScramVerifier.MadeUpFor("b", secret));
        Assert.Equal(one.Salt, again.Salt);
        Assert.NotEqual(one.Salt, other.Salt);
        Assert.NotEqual(one.Salt, ScramVerifier.MadeUpFor("a", [.. Enumerable.Repeat((byte)1, 32)]).Salt);
        Assert.Equal(ScramVerifier.SaltBytes, one.Salt.Length);
        Assert.False(one.Fits("x"));
        Assert.NotEqual(one.StoredKey, again.StoredKey);
    }

    [Fact]
    public void A_verifier_reads_back_and_fits_its_password_alone()
    {
        var text = ScramVerifier.Of("pässwörd")!.ToText();
        Assert.Matches(@"^SCRAM-SHA-256\$20000:[^$:]{24}\$[^$:]{44}:[^$:]{44}$", text);
        Assert.True(ScramVerifier.TryParse(text, out var read));
        Assert.Equal(text, read.ToText());
        Assert.True(read.Fits("pässwörd"));
        Assert.True(read.Fits("pa\u0308sswo\u0308rd"));
        Assert.False(read.Fits("passwörd"));
        Assert.False(read.Fits(""));
        Assert.DoesNotContain("20000", $"{read}", StringComparison.Ordinal);
        Assert.NotEqual(text, ScramVerifier.Of("pässwörd")!.ToText());
        Assert.Null(ScramVerifier.Of(""));
        Assert.Null(ScramVerifier.Of("a\u0007b"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("SCRAM-SHA-1$4096:AAAA$AAAA:AAAA")]
    [InlineData("SCRAM-SHA-256$100:AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("SCRAM-SHA-256$99999999:AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("SCRAM-SHA-256$4096:$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("SCRAM-SHA-256$4096:AAAA$AAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("SCRAM-SHA-256$4096:AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("{CLEARTEXT}secret")]
    public void A_verifier_of_another_form_is_none(string text) => Assert.False(ScramVerifier.TryParse(text, out _));

    [Theory]
    [InlineData("I\u00adX", "IX")]
    [InlineData("user", "user")]
    [InlineData("USER", "USER")]
    [InlineData("\u00aa", "a")]
    [InlineData("\u2168", "IX")]
    [InlineData("a\u00a0b", "a b")]
    [InlineData("\u1100\u1161\u11a8", "\uac01")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("\ufb03", "ffi")]
    [InlineData("\u0007", null)]
    [InlineData("a\ud800", null)]
    public void Texts_are_prepared_as_the_examples_of_RFC_4013_are(string text, string? expected)
    {
        Assert.Equal(expected is not null, SaslPrep.TryPrepare(text, out var prepared));
        Assert.Equal(expected, prepared);
    }
}
