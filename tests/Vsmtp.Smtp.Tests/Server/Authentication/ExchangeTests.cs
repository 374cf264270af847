using System.Text;
using Vsmtp.Smtp.Server.Authentication;

namespace Vsmtp.Smtp.Tests.Server.Authentication;

/// <summary>
/// The mechanisms (RFC 4422), octets in and steps out, by the examples of their RFCs: PLAIN (RFC 4616), CRAM-MD5 (RFC 2195), ANONYMOUS
/// (RFC 4505), OAUTHBEARER (RFC 7628).
/// </summary>
public sealed class ExchangeTests
{
    [Fact]
    public void PLAIN_takes_the_examples_of_RFC_4616()
    {
        Assert.Equal("Verify PLAIN tim tanstaaftanstaaf", Asked(new PlainExchange(), "\0tim\0tanstaaftanstaaf"));
        Assert.Equal("Verify PLAIN Kurt xipj3plmq", Asked(new PlainExchange(), "Kurt\0Kurt\0xipj3plmq"));
        Assert.Equal("Verify PLAIN émile pässwörd", Asked(new PlainExchange(), "\0émile\0pässwörd"));
        Assert.Equal("Verify PLAIN x p", Asked(new PlainExchange(), "\0\u00adx\0p"));
        Assert.Equal("Verify PLAIN fi p", Asked(new PlainExchange(), "\0\ufb01\0p"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("tim")]
    [InlineData("\0tim")]
    [InlineData("\0\0password")]
    [InlineData("\0tim\0")]
    [InlineData("\0tim\0pass\0word")]
    [InlineData("Ursel\0Kurt\0xipj3plmq")]
    [InlineData("\0a\tb\0p")]
    [InlineData("\0a\u202eb\0p")]
    [InlineData("\0\ue000\0p")]
    public void PLAIN_of_another_form_or_for_another_is_asked_of_nobody(string response) => Assert.Equal(SaslStep.Fail, Respond(new PlainExchange(), response));

    [Fact]
    public void Octets_that_are_no_UTF8_and_names_without_end_fail()
    {
        Assert.Equal(SaslStep.Fail, new PlainExchange().Respond([0, 0xC3, 0, (byte)'p']));
        Assert.Equal(SaslStep.Fail, new PlainExchange().Respond([0, (byte)'a', 0, 0xFF]));
        Assert.Equal(SaslStep.Fail, Respond(new PlainExchange(), $"\0{new string('a', 256)}\0p"));
        Assert.IsType<SaslStep.Ask>(Respond(new PlainExchange(), $"\0{new string('a', 255)}\0p"));
        Assert.Equal(SaslStep.Fail, Respond(new PlainExchange(), $"\0{new string('é', 128)}\0p"));
    }

    [Fact]
    public void LOGIN_asks_for_a_name_and_for_a_password()
    {
        var exchange = new LoginExchange();
        Assert.Equal("User Name", Text(exchange.Begin()));
        Assert.Equal("Password", Text(Respond(exchange, "tim")));
        Assert.Equal("Verify LOGIN tim tanstaaftanstaaf", Asked(exchange, "tanstaaftanstaaf"));
        Assert.Equal(new SaslStep.Succeed("tim"), exchange.Answer(SaslAnswer.Accepted));
        Assert.Equal(SaslStep.Fail, Respond(new LoginExchange(), ""));
    }

    [Fact]
    public void CRAM_MD5_takes_the_example_of_RFC_2195_and_nothing_else()
    {
        const string challenge = "<1896.697170952@postoffice.reston.mci.net>";
        const string response = "tim b913a602c7eda7a495b4e6e7334d3890";
        SaslStep With(string said, SaslAnswer answer)
        {
            var exchange = new CramMd5Exchange(challenge);
            Assert.Equal(challenge, Text(exchange.Begin()));
            Assert.Equal("Query CRAM-MD5 tim", Asked(exchange, said));
            return exchange.Answer(answer);
        }

        var password = new SaslAnswer.Password("tanstaaftanstaaf");
        Assert.Equal(new SaslStep.Succeed("tim"), With(response, password));
        Assert.Equal(SaslStep.Fail, With("tim b913a602c7eda7a495b4e6e7334d3891", password));
        Assert.Equal(SaslStep.Fail, With(response, new SaslAnswer.Password("tanstaaftanstaaF")));
        Assert.Equal(SaslStep.Fail, With(response, SaslAnswer.Accepted));
        Assert.Equal(SaslStep.Fail, With(response, SaslAnswer.Refused));
        Assert.Equal(SaslStep.GiveUp, With(response, SaslAnswer.NotNow));
        foreach (var malformed in (string[])["", "tim", "tim b913a602c7eda7a495b4e6e7334d389", "tim B913A602C7EDA7A495B4E6E7334D3890", " b913a602c7eda7a495b4e6e7334d3890"])
            Assert.Equal(SaslStep.Fail, Respond(new CramMd5Exchange(challenge), malformed));
    }

    [Fact]
    public void A_challenge_of_CRAM_MD5_comes_but_once_and_a_password_of_no_characters_fits_nobody()
    {
        Assert.Equal(100, Enumerable.Range(0, 100).Select(_ => CramMd5Exchange.MakeChallenge("mx.example")).Distinct().Count());
        Assert.Matches(@"^<[0-9a-f]{32}\.\d+@mx\.example>$", CramMd5Exchange.MakeChallenge("mx.example"));
        var exchange = new CramMd5Exchange("x");
        // HMAC-MD5 of "x" under a key of no octets.
        Asked(exchange, "tim 5a470ef74cd7af75c375be99c6ef771f");
        Assert.Equal(SaslStep.Fail, exchange.Answer(new SaslAnswer.Password("")));
    }

    [Fact]
    public void ANONYMOUS_takes_a_word_or_none()
    {
        Assert.Equal("AnonymousToken ANONYMOUS sirhc", Asked(new AnonymousExchange(), "sirhc"));
        Assert.Equal("AnonymousToken ANONYMOUS ", Asked(new AnonymousExchange(), ""));
        Assert.Equal(SaslStep.Fail, Respond(new AnonymousExchange(), "a\r\nb"));
        Assert.Equal(SaslStep.Fail, Respond(new AnonymousExchange(), "a\u2028b"));
        Assert.Equal(SaslStep.Fail, Respond(new AnonymousExchange(), "a\u202eb"));
        Assert.Equal(SaslStep.Fail, Respond(new AnonymousExchange(), new string('a', 256)));
    }

    [Fact]
    public void OAUTHBEARER_takes_the_example_of_RFC_7628()
    {
        const string said = "n,a=user@example.com,\u0001host=server.example.com\u0001port=143\u0001auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\u0001\u0001";
        var exchange = new OAuthBearerExchange();
        Assert.Equal("BearerToken OAUTHBEARER user@example.com vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==", Asked(exchange, said));
        Assert.Equal(new SaslStep.Succeed("user@example.com"), exchange.Answer(SaslAnswer.Accepted));
        Assert.Equal(SaslStep.GiveUp, exchange.Answer(SaslAnswer.NotNow));
        Assert.Contains("invalid_token", Encoding.UTF8.GetString(Assert.IsType<SaslStep.FailingChallenge>(exchange.Answer(SaslAnswer.Refused)).Octets), StringComparison.Ordinal);
    }

    [Fact]
    public void XOAUTH2_takes_a_name_and_a_token()
    {
        var exchange = new XOAuth2Exchange();
        Assert.Equal("BearerToken XOAUTH2 someuser@example.com ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg", Asked(
            exchange, "user=someuser@example.com\u0001auth=Bearer ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg\u0001\u0001"));
        Assert.IsType<SaslStep.FailingChallenge>(exchange.Answer(SaslAnswer.Refused));
    }

    [Theory]
    [InlineData("")]
    [InlineData("user=a\u0001auth=Bearer t\u0001")]
    [InlineData("user=a\u0001auth=Bearer \u0001\u0001")]
    [InlineData("user=a\u0001auth=Basic dDp0\u0001\u0001")]
    [InlineData("user=a\u0001auth=Bearer a b\u0001\u0001")]
    [InlineData("user=a\u0001user=b\u0001auth=Bearer t\u0001\u0001")]
    [InlineData("auth=Bearer t\u0001\u0001")]
    [InlineData("user=a\u0001\u0001")]
    public void A_token_in_another_form_is_asked_of_nobody(string response) => Assert.IsType<SaslStep.FailingChallenge>(Respond(new XOAuth2Exchange(), response));

    [Theory]
    [InlineData("n,,\u0001auth=Bearer t\u0001\u0001")]
    [InlineData("p=tls-exporter,a=u,\u0001auth=Bearer t\u0001\u0001")]
    [InlineData("n,a=u,auth=Bearer t\u0001\u0001")]
    [InlineData("n,a=u,\u0001host=h\u0001\u0001")]
    [InlineData("n,a=u=41,\u0001auth=Bearer t\u0001\u0001")]
    public void A_header_in_another_form_is_asked_of_nobody(string response) => Assert.IsType<SaslStep.FailingChallenge>(Respond(new OAuthBearerExchange(), response));

    internal static SaslStep Respond(SaslExchange exchange, string response) => exchange.Respond(Encoding.UTF8.GetBytes(response));

    internal static string Text(SaslStep step) => Encoding.UTF8.GetString(Assert.IsType<SaslStep.Challenge>(step).Octets);

    internal static string Asked(SaslExchange exchange, string response)
    {
        var credentials = Assert.IsType<SaslStep.Ask>(Respond(exchange, response)).Credentials;
        var secret = credentials switch
        {
            SaslCredentials.Verify shown => " " + shown.Password,
            SaslCredentials.BearerToken shown => " " + shown.Token,
            _ => "",
        };
        Assert.Equal(credentials.GetType().Name, credentials.ToString());
        return $"{credentials} {credentials.Mechanism} {credentials.Name}{secret}";
    }
}
