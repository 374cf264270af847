using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Antivirus;

/// <summary>Mails of unusual bytes on the way through clamsmtpd and back (spec/delegates.md §3).</summary>
public sealed class OddMailTests(PassingSite passing) : IClassFixture<PassingSite>
{
    private const int LargeBytes = 20 * 1024 * 1024;

    /// <summary>All octets but NUL, CR and LF, in lines.</summary>
    private static string AllOctets { get; } = string.Concat(
        Enumerable.Range(1, 255).Where(octet => octet is not '\r' and not '\n').Chunk(16).Select(line => string.Concat(line.Select(octet => (char)octet)) + "\r\n"));

    public static TheoryData<string, string> Bodies => new()
    {
        { "dot lines", ".\r\n..\r\n.dot\r\n...\r\n\r\n.\r\nlast" },
        { "a dot first", ".first line of the body" },
        { "a dot last", "text\r\n." },
        { "empty lines", "\r\n\r\n\r\n\r\n" },
        { "blanks at line ends", "text \t \r\n \r\n\t\r\nend " },
        { "a line of 998", new string('x', 998) },
        { "lines up to 60,000", string.Join("\r\n", new string('a', 5_000), new string('b', 20_000), new string('c', 60_000), "end") },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task It_is_delivered_octet_for_octet(string subject, string body)
    {
        var site = await passing.GetAsync();
        var message = Messages.Clean(subject, body);

        var id = await site.SendAsync(message);

        Assert.Equal(AntivirusSite.Scanned(message), (await site.DeliveredAsync(id, subject)).TextBelowTrace);
    }

    [Theory]
    [InlineData("8-bit, declared", " BODY=8BITMIME")]
    [InlineData("8-bit, undeclared", "")]
    public async Task Eight_bit_and_control_octets_are_delivered_as_they_are(string subject, string parameters)
    {
        var site = await passing.GetAsync();
        var message = Messages.Clean(subject, AllOctets);
        using var smtp = await RawSmtp.OpenAsync(site.Site.ClientPort);

        var reply = await smtp.SendMailAsync("john@example.org", ["jane@example.com"], message, parameters);
        Assert.StartsWith("250", reply);
        var mail = await site.DeliveredAsync(RawSmtp.IdOf(reply), subject);

        Assert.Equal(AntivirusSite.Scanned(message), mail.TextBelowTrace);
    }

    [Fact]
    public async Task A_marker_among_all_octets_is_found()
    {
        var site = await passing.GetAsync();
        var id = await site.SendAsync(Messages.Clean("hidden", $"{AllOctets}{ClamStack.Marker}{AllOctets}"));

        await site.QuarantinedAsync(id, "virus_q");
    }

    [Fact]
    public async Task NUL_is_refused_at_our_door_for_clamsmtpd_would_lose_its_line()
    {
        var site = await passing.GetAsync();
        using var smtp = await RawSmtp.OpenAsync(site.Site.ClientPort);

        var reply = await smtp.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean("NUL", "before\0behind"));

        Assert.StartsWith("5", reply);
        Assert.DoesNotContain(await site.Server.Api.ListAsync(queue: null), mail => mail.Subject == "NUL");
        Assert.DoesNotContain(site.Relay.Seen, mail => mail.Header("Subject") == "NUL");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    public async Task An_empty_message_is_scanned_and_delivered(string message)
    {
        var site = await passing.GetAsync();
        var id = await site.SendAsync(message);

        await site.Server.WaitForAsync(id, "delivered");

        var mail = Assert.Single(site.Relay.Seen, mail => mail.Text.Contains(id, StringComparison.Ordinal));
        Assert.Equal("X-Virus-Scanned: ClamAV using ClamSMTP\r\n\r\n", mail.TextBelowTrace);
    }

    [Fact]
    public async Task A_mail_of_20_MB_is_delivered_octet_for_octet()
    {
        var site = await passing.GetAsync();
        var line = new string('m', 74) + "\r\n";
        var message = Messages.Clean("large", string.Concat(Enumerable.Repeat(line, LargeBytes / line.Length)));

        var id = await site.SendAsync(message);
        var mail = await site.DeliveredAsync(id, "large");

        Assert.True(AntivirusSite.Scanned(message) == mail.TextBelowTrace, "the large mail was changed");
    }

    [Fact]
    public async Task A_virus_at_the_end_of_a_large_mail_is_found()
    {
        var site = await passing.GetAsync();
        var line = new string('m', 74) + "\r\n";
        var id = await site.SendAsync(Messages.Clean("large and infected", string.Concat(Enumerable.Repeat(line, 40_000)) + ClamStack.Marker));

        await site.QuarantinedAsync(id, "virus_q");
    }
}
