using System.Text;
using System.Text.Json;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Authentication;

/// <summary>Mechanisms with more to them than a name and a password in one line.</summary>
public sealed class MechanismTests
{
    private const string Keys = """
        users = "users"
        mechanisms = ["PLAIN", "LOGIN", "SCRAM-SHA-256", "CRAM-MD5", "OAUTHBEARER"]
        """;

    private const string Rules = """
        #{
            authenticate: [
                rule "tokens" || {
                    if auth().type != "BearerToken" { return next(); }
                    if auth().authid == "user@example.com" && auth().token == "tok.3f6d" { accept() } else { deny() }
                },
            ],
            postq: [ action "trace" || append_header("X-Who", `${auth().authid} ${auth().mechanism}`) ],
        }
        """;

    /// <summary>RFC 7628 §3.1.</summary>
    private static string Bearer(string token) =>
        AuthSite.Base64($"n,a=user@example.com,\u0001host=mx.example.com\u0001port=587\u0001auth=Bearer {token}\u0001\u0001");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_good_token_lets_its_user_in(bool isInCommand)
    {
        await using var site = await AuthSite.StartAsync(Rules, Keys);
        using var client = await site.OpenAsync();
        Assert.Contains(" OAUTHBEARER", await client.AskAsync("EHLO a"), StringComparison.Ordinal);
        if (!isInCommand) Assert.Equal("334 ", await client.AskAsync("AUTH OAUTHBEARER"));
        Assert.StartsWith("235 2.7.0", await client.AskAsync((isInCommand ? "AUTH OAUTHBEARER " : "") + Bearer("tok.3f6d")), StringComparison.Ordinal);
        await client.SendMailAsync(Messages.Clean());
        await Patience.UntilAsync(() => site.Relay.Mails.Count == 1, "the mail at the relay");
        Assert.Equal("user@example.com OAUTHBEARER", site.Relay.Mails.Single().Header("X-Who"));
    }

    [Fact]
    public async Task A_bad_token_is_answered_in_JSON_and_then_with_535()
    {
        await using var site = await AuthSite.StartAsync(Rules, Keys);
        using var client = await site.OpenAsync();
        await client.AskAsync("EHLO a");
        var challenge = await client.AskAsync($"AUTH OAUTHBEARER {Bearer("tok.another")}");
        Assert.StartsWith("334 ", challenge, StringComparison.Ordinal);
        using var said = JsonDocument.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(challenge[4..])));
        Assert.Equal("invalid_token", said.RootElement.GetProperty("status").GetString());
        // RFC 7628 §3.2.3: 0x01, which says nothing.
        Assert.StartsWith("535 5.7.8", await client.AskAsync("AQ=="), StringComparison.Ordinal);
        Assert.Equal("", await client.ReadReplyAsync());
    }

    [Theory]
    [InlineData("LOGIN")]
    [InlineData("CRAM-MD5")]
    public async Task Where_the_server_speaks_first_an_initial_response_ends_the_connection(string mechanism)
    {
        await using var site = await AuthSite.StartAsync(Rules, Keys);
        using var client = await site.OpenAsync();
        await client.AskAsync("EHLO a");
        Assert.StartsWith("501 5.7.0", await client.AskAsync($"AUTH {mechanism} {AuthSite.Base64(AuthSite.User)}"), StringComparison.Ordinal);
        Assert.Equal("", await client.ReadReplyAsync());
    }

    [Fact]
    public async Task SCRAM_goes_to_its_end_with_the_right_password_and_with_a_wrong_one()
    {
        await using var site = await AuthSite.StartAsync(Rules, Keys);
        foreach (var isRight in (bool[])[true, false])
        {
            using var client = await site.OpenAsync();
            await client.AskAsync("EHLO a");
            var scram = new ScramClient(AuthSite.User, isRight ? AuthSite.Password : "another");
            var answer = await client.AskAsync(scram.FinalFor(await client.AskAsync($"AUTH SCRAM-SHA-256 {scram.First}")));
            Assert.StartsWith(isRight ? "334 " : "535 5.7.8", answer, StringComparison.Ordinal);
            Assert.StartsWith(isRight ? "235 2.7.0" : "", await client.AskAsync(""), StringComparison.Ordinal);
        }
    }
}
