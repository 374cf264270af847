using System.Text;
using Vsmtp.Mail.Transfer;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Smtp.Tests.Client;

/// <summary>Signing on to a server (RFC 4954), and TLS from the first octet (RFC 8314).</summary>
public sealed class SmtpAuthTests
{
    private static readonly SmtpClientOptions Options = ClientFixture.Options with { Credentials = new SmtpCredentials("jürgen", "p w") };

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static Task<SmtpClientConnection> ConnectAsync(ScriptedSmtpServer server, SmtpClientOptions options) =>
        SmtpClientConnection.ConnectAsync(server.Destination, options, TimeProvider.System, TestContext.Current.CancellationToken);

    [Fact]
    public async Task PLAIN_is_one_command_and_mails_follow()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("AUTH LOGIN PLAIN", "SIZE");
            await peer.AnswerAsync($"AUTH PLAIN {Base64("\0jürgen\0p w")}", "235 2.7.0 welcome\r\n");
            await peer.TakeMailAsync();
        });
        using var connection = await ConnectAsync(server, Options);
        Assert.True((await connection.SendAsync(ClientFixture.Mail(), TestContext.Current.CancellationToken)).Recipients[0].IsTaken);
    }

    [Fact]
    public async Task LOGIN_asks_for_one_after_the_other()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("AUTH login");
            await peer.AnswerAsync("AUTH LOGIN", "334 VXNlcm5hbWU6\r\n");
            await peer.AnswerAsync(Base64("jürgen"), "334 UGFzc3dvcmQ6\r\n");
            await peer.AnswerAsync(Base64("p w"), "235 2.7.0 welcome\r\n");
        });
        using var connection = await ConnectAsync(server, Options);
    }

    [Theory]
    [InlineData("AUTH PLAIN", "535 5.7.8 no\r\n", "name and password were refused with 535 5.7.8 no")]
    [InlineData("AUTH LOGIN", "535 5.7.8 no\r\n", "name and password were refused with 535 5.7.8 no")]
    [InlineData("AUTH CRAM-MD5", "", "it offers neither AUTH PLAIN nor AUTH LOGIN")]
    [InlineData("SIZE", "", "it offers neither AUTH PLAIN nor AUTH LOGIN")]
    public async Task Without_it_there_is_no_session(string announced, string answer, string why)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync(announced);
            if (answer.Length > 0) await peer.AnswerAsync("AUTH", answer);
        });
        var failure = await Assert.ThrowsAsync<SmtpConnectException>(() => ConnectAsync(server, Options));
        Assert.Equal((SmtpClientPhase.Auth, why), (failure.Phase, failure.Message));
        Assert.DoesNotContain("p w", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Under_TLS_from_the_first_octet_on_no_STARTTLS_is_asked_for()
    {
        using var certificates = new ScriptedCertificates();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.SecureAsync(certificates.Make("localhost"));
            await peer.GreetAsync("STARTTLS", "AUTH PLAIN");
            await peer.AnswerAsync("AUTH PLAIN", "235 2.7.0 welcome\r\n");
            await peer.TakeMailAsync();
        });
        using var connection = await ConnectAsync(server, Options with { Tls = new SmtpTls(TlsLevel.Encrypt) { IsFirst = true } });
        Assert.True(connection.IsSecured);
        Assert.True((await connection.SendAsync(ClientFixture.Mail(), TestContext.Current.CancellationToken)).Recipients[0].IsTaken);
    }

    [Fact]
    public void A_password_is_shown_to_nobody() => Assert.DoesNotContain("p w", $"{Options.Credentials} {Options}", StringComparison.Ordinal);
}
