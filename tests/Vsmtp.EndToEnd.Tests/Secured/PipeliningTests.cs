using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Secured;

/// <summary>A client that does not wait for each reply (RFC 2920), in clear and under TLS.</summary>
public sealed class PipeliningTests(TlsSite site) : IClassFixture<TlsSite>
{
    [Theory]
    [InlineData("clear", ' ')]
    [InlineData("TLS", '~', "--tls")]
    public async Task Swaks_says_a_whole_envelope_at_once_and_has_all_replies(string subject, char mark, params string[] options)
    {
        var heard = await Swaks.SendAsync(site.Site.ClientPort, subject, ["--pipeline", "--to", "jane@example.com,joe@example.com", .. options]);
        var (said, told) = (mark == ' ' ? " -> " : " ~> ", mark == ' ' ? "<-  " : "<~  ");
        Assert.Contains(
            $"{said}MAIL FROM:<john@example.org>\n{said}RCPT TO:<jane@example.com>\n{said}RCPT TO:<joe@example.com>\n{said}DATA\n"
            + $"{told}250 2.1.0 Ok\n{told}250 2.1.5 Ok\n{told}250 2.1.5 Ok\n{told}354 ", heard, StringComparison.Ordinal);
        Assert.Contains($"{told}250 2.0.0 Ok: queued as ", heard, StringComparison.Ordinal);
        await Patience.UntilAsync(() => site.Relay.Mails.Any(IsIt), "the mail at the relay", () => heard);
        Assert.Equal(["jane@example.com", "joe@example.com"], Assert.Single(site.Relay.Mails, mail => IsIt(mail)).Recipients);

        bool IsIt(ReceivedMail mail) => mail.Header("Subject") == subject;
    }
}
