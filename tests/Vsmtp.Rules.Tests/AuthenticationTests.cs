using System.Net.Sockets;
using System.Text;
using Vsmtp.Rules.Accounts;

namespace Vsmtp.Rules.Tests;

/// <summary>What the rules of <c>authenticate</c> see and say, and what later ones see of it.</summary>
public sealed class AuthenticationTests
{
    private readonly Site _site = new();

    [Theory]
    [InlineData("PLAIN", "tim", "secret", "auth().type", "Verify")]
    [InlineData("LOGIN", "tim", "secret", "`${auth().mechanism} ${auth().authid} ${auth().authpass}`", "LOGIN tim secret")]
    [InlineData("LOGIN", "tim", "secret", "auth::credentials().authid", "tim")]
    [InlineData("LOGIN", "tim", "secret", "ctx().auth().authid", "tim")]
    [InlineData("CRAM-MD5", "tim", null, "`${auth().type} ${auth().authid}`", "Query tim")]
    [InlineData("SCRAM-SHA-256", "tim", null, "`${auth().type} ${auth().mechanism}`", "Query SCRAM-SHA-256")]
    [InlineData("ANONYMOUS", "guest@b.org", null, "`${auth().type} ${auth().anonymous_token}`", "AnonymousToken guest@b.org")]
    [InlineData("XOAUTH2", "tim", "t0ken", "`${auth().type} ${auth().authid} ${auth().token}`", "BearerToken tim t0ken")]
    [InlineData("PLAIN", "tim", "secret", "`${auth()}`", "Verify")]
    [InlineData("PLAIN", "tim", "secret", "auth().to_debug()", "Verify")]
    [InlineData("PLAIN", "tim", "secret", "auth().token", "error: credentials of the type `Verify` have no `token`")]
    [InlineData("CRAM-MD5", "tim", null, "auth().authpass", "error: credentials of the type `Query` have no `authpass`")]
    [InlineData("ANONYMOUS", "x", null, "auth().authid", "error: credentials of the type `AnonymousToken` have no `authid`")]
    public async Task Credentials_have_the_properties_of_their_type(string mechanism, string name, string? secret, string script, string expected)
    {
        var context = Site.Connection();
        context.Credentials = new RuleCredentials(mechanism, name, secret is null ? null : new HiddenText(secret));
        Assert.StartsWith(expected, await _site.EvalAsync(script, context, Stage.Authenticate), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Later_stages_know_who_it_is_and_no_password()
    {
        var context = Site.Transaction();
        context.IsAuthenticated = true;
        context.Credentials = new RuleCredentials("PLAIN", "tim");
        Assert.Equal("tim PLAIN Verify", await _site.EvalAsync("`${auth().authid} ${auth().mechanism} ${auth().type}`", context));
        Assert.Equal("error: `authpass` is there in the stage `authenticate` only: nothing keeps it", await _site.EvalAsync("auth().authpass", context));
    }

    [Fact]
    public async Task A_packet_carries_a_password_that_nothing_prints()
    {
        var outcome = await _site.RunAsync("log(\"info\", packet(\"pass-word\").to_string()); packet(\"pass-word\")", Site.Connection(), Stage.Authenticate);
        Assert.Equal(RuleStatusKind.Packet, outcome.Status);
        Assert.Equal("pass-word", outcome.Packet!.Reveal());
        Assert.DoesNotContain("pass-word", outcome.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_packet_elsewhere_is_a_script_error()
    {
        var outcome = await _site.RunAsync("packet(\"pass-word\")", Site.Transaction());
        Assert.Equal("a packet is for the stage `authenticate`, not for `postq`", outcome.Failure?.Message);
        Assert.Null(outcome.Packet);
    }

    [Theory]
    [InlineData("CRAM-MD5")]
    [InlineData("ANONYMOUS")]
    [InlineData("PLAIN")]
    public async Task The_accounts_are_not_asked_about_a_client_that_shows_no_password(string mechanism)
    {
        var context = Site.Connection();
        context.Credentials = new RuleCredentials(mechanism, "root");
        Assert.Equal("deny", await _site.EvalAsync("authenticate()", context, Stage.Authenticate));
        Assert.Equal("deny", await _site.EvalAsync("auth::unix_users()", context, Stage.Authenticate));
    }

    [Theory]
    [InlineData("OK", true)]
    [InlineData("OK cached", true)]
    [InlineData("NO", false)]
    [InlineData("", false)]
    public async Task The_accounts_of_the_machine_are_asked_for_over_the_socket_of_saslauthd(string answer, bool isGood)
    {
        var folder = Directory.CreateTempSubdirectory("vsmtp");
        try
        {
            var path = Path.Combine(folder.FullName, "mux");
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen();
            var asked = SaslAuthDaemon.AskAsync(path, "tim", new HiddenText("sëcret"), Site.Token);
            using var daemon = await listener.AcceptAsync(Site.Token);
            // As testsaslauthd -u tim -p sëcret -s smtp puts it.
            var expected = Encoding.UTF8.GetBytes("\0\u0003tim\0\u0007sëcret\0\u0004smtp\0\0");
            var heard = new byte[expected.Length];
            for (var length = 0; length < heard.Length;) length += await daemon.ReceiveAsync(heard.AsMemory(length), Site.Token);
            Assert.Equal(expected, heard);
            await daemon.SendAsync(Encoding.ASCII.GetBytes($"\0{(char)answer.Length}{answer}"), Site.Token);
            Assert.Equal(isGood, await asked);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Where_nobody_answers_the_rule_has_an_error_that_tells_no_name()
    {
        var fault = await Assert.ThrowsAsync<SaslAuthException>(() => SaslAuthDaemon.AskAsync("/nonexistent/mux", "tim", new HiddenText("secret"), Site.Token));
        Assert.StartsWith("saslauthd at /nonexistent/mux: ", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("tim", fault.Message, StringComparison.Ordinal);
    }
}
