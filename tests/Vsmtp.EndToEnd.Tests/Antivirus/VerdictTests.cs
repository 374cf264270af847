using System.Text;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Antivirus;

/// <summary>What becomes of clean and infected mails with the real clamd and clamsmtpd, and <c>Action: pass</c>.</summary>
public sealed class VerdictTests(PassingSite passing) : IClassFixture<PassingSite>
{
    public static TheoryData<string, string> Infected => new()
    {
        { "EICAR", Messages.Clean("EICAR", Messages.Eicar) },
        { "marker", Messages.Clean("marker", $"see {ClamStack.Marker} below") },
        { "base64", Messages.Clean("base64", Attachment(), "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n") },
        { ClamStack.Marker, $"From: <john@example.org>\r\nSubject: {ClamStack.Marker}\r\n" },
        { "no empty line", $"From: <john@example.org>\r\nSubject: no empty line\r\n{ClamStack.Marker} begins the body at once\r\nand goes on\r\n" },
        { "forged", Messages.Clean("forged", Messages.Eicar, "X-Virus-Scanned: ClamAV using ClamSMTP\r\n") },
    };

    [Fact]
    public async Task A_clean_mail_reaches_the_relay_once_and_octet_for_octet_but_for_trace_and_proof()
    {
        var site = await passing.GetAsync();
        var message = Messages.Clean("clean", "All is well.\r\n\r\n-- \r\nJohn");

        var id = await site.SendAsync(message);
        var mail = await site.DeliveredAsync(id, "clean");

        Assert.Equal(AntivirusSite.Scanned(message), mail.TextBelowTrace);
        Assert.Equal("john@example.org", mail.Sender);
        Assert.Equal(["jane@example.com"], mail.Recipients);
        Assert.Null(mail.MailParameter("ENVID"));              // the ticket was the service's alone
        var history = (await site.Server.Api.FindAsync(id))!.Events;
        Assert.Equal(["delegated", "returned", "delivered"], history.Select(e => e.What).Where(what => what is "delegated" or "returned" or "delivered" or "retry"));
    }

    [Theory]
    [MemberData(nameof(Infected))]
    public async Task An_infected_mail_is_in_virus_q_and_nowhere_else(string subject, string message)
    {
        var site = await passing.GetAsync();

        var id = await site.SendAsync(message);
        var mail = await site.QuarantinedAsync(id, "virus_q");

        Assert.Equal(subject, mail.Mail.Subject);
        Assert.Equal("main.vsl:5:9", mail.Source);
        using var stored = new MemoryStream();
        Assert.True((await site.Server.Api.ReadAsync(id, stored)).IsDone);
        var text = Encoding.Latin1.GetString(stored.ToArray());
        Assert.Equal("Virus Detected!", Messages.Header(text, "X-Virus-Infected"));
        Assert.Null(Messages.Header(text, "X-Virus-Scanned"));
    }

    [Fact]
    public async Task A_verdict_that_the_sender_forged_is_not_believed()
    {
        var site = await passing.GetAsync();
        const string Forged = "X-Virus-Infected: so that it is suspected\r\nx-virus-scanned: by nobody\r\n";

        var id = await site.SendAsync(Messages.Clean("suspected", headers: Forged));
        var mail = await site.DeliveredAsync(id, "suspected");

        Assert.Null(mail.Header("X-Virus-Infected"));
        Assert.Equal("ClamAV using ClamSMTP", mail.Header("X-Virus-Scanned"));
    }

    [Fact]
    public async Task A_clean_mail_without_an_empty_line_is_given_one_so_that_it_can_be_marked()
    {
        var site = await passing.GetAsync();
        const string Headers = "From: <john@example.org>\r\nSubject: headers only\r\n";

        var id = await site.SendAsync(Headers);

        Assert.Equal(AntivirusSite.Scanned($"{Headers}\r\n"), (await site.DeliveredAsync(id, "headers only")).TextBelowTrace);
    }

    [Fact]
    public async Task Clean_and_infected_mails_of_one_connection_part_ways()
    {
        var site = await passing.GetAsync();
        using var smtp = await RawSmtp.OpenAsync(site.Site.ClientPort);
        var ids = new List<(string Id, string Subject, bool IsInfected)>();
        foreach (var number in Enumerable.Range(0, 10))
        {
            var (subject, isInfected) = ($"mixed {number}", number % 2 == 1);
            var reply = await smtp.SendMailAsync(
                "john@example.org", ["jane@example.com"], Messages.Clean(subject, isInfected ? ClamStack.Marker : "All is well."));
            ids.Add((RawSmtp.IdOf(reply), subject, isInfected));
        }

        foreach (var (id, subject, isInfected) in ids)
        {
            if (isInfected) await site.QuarantinedAsync(id, "virus_q");
            else await site.DeliveredAsync(id, subject);
        }
    }

    private static string Attachment()
    {
        var encoded = Convert.ToBase64String(Encoding.ASCII.GetBytes($"first line\r\n{ClamStack.Marker}\r\n"), Base64FormattingOptions.InsertLineBreaks);
        return $"""
            --b
            Content-Type: text/plain

            See the attachment.
            --b
            Content-Type: application/octet-stream; name=invoice.bin
            Content-Transfer-Encoding: base64

            {encoded}
            --b--
            """.ReplaceLineEndings("\r\n");
    }
}
