using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Antivirus;

/// <summary>The real clamd and clamsmtpd asked for a verdict only.</summary>
public sealed class KeptOriginalTests
{
    private const string KeepingOriginal = $"keep_original: true,\n{AntivirusSite.ServiceKeys}";

    [Fact]
    public async Task The_original_is_delivered_with_the_proof_as_its_last_header_even_where_clamsmtpd_would_have_changed_it()
    {
        await using var site = await AntivirusSite.StartAsync(serviceKeys: KeepingOriginal);
        // At such lengths clamsmtpd takes a dot away or puts one there (LineLengthTests).
        foreach (var (subject, body) in new[]
                 {
                     ("plain", "All is well."),
                     ("a dot less", $"{new string('x', 4221)}\r\n.dot\r\nend"),
                     ("a dot more", $"{new string('x', 4222)}\r\n.\r\nend"),
                 })
        {
            var message = Messages.Clean(subject, body, "DKIM-Signature: v=1; h=from:to:subject;\r\n\tbh=; b=\r\nX-Virus-Scanned: forged\r\n");
            var id = await site.SendAsync(message);

            var delivered = await site.DeliveredAsync(id, subject);

            var expected = AntivirusSite.Scanned(message.Replace("X-Virus-Scanned: forged\r\n", "", StringComparison.Ordinal));
            Assert.Equal(expected, delivered.TextBelowTrace);
        }
    }

    [Fact]
    public async Task An_infected_mail_is_found_by_the_header_that_came_back()
    {
        await using var site = await AntivirusSite.StartAsync(serviceKeys: KeepingOriginal);
        var id = await site.SendAsync(Messages.Clean("infected", Messages.Eicar));

        await site.QuarantinedAsync(id, "virus_q");
        var (_, diff, _) = await ServerProcess.RunAsync("queue", "show", id, "--diff", "-c", site.Site.ConfigFile);

        Assert.Contains("header added: X-Virus-Infected", diff);
        Assert.Contains("body: the same", diff);
    }
}
