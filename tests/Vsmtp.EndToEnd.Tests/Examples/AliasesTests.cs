using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Examples;

/// <summary><c>examples/aliases</c>: where mails for an address arrive.</summary>
public sealed class AliasesTests(AliasesTests.Site site) : IClassFixture<AliasesTests.Site>
{
    private const string Inside = "127.0.0.2";
    private const string Elsewhere = "127.0.0.4";

    [Theory]
    [InlineData("mailbox", "jane@example.com", "jane")]
    [InlineData("alias", "postmaster@example.com", "jane")]
    [InlineData("alias of an alias", "Abuse@Example.COM", "jane")]
    [InlineData("several", "sales@example.com", "jane joe joe@elsewhere.example")]
    [InlineData("nested", "team@example.com", "jane joe kim joe@elsewhere.example consultant@elsewhere.example")]
    [InlineData("kept and passed on", "joe@example.com", "joe joe@elsewhere.example")]
    [InlineData("domain of aliases", "kim@shop.example", "kim")]
    [InlineData("alias through a domain", "postmaster@shop.example", "jane")]
    [InlineData("own alias of a domain", "info@shop.example", "jane joe joe@elsewhere.example")]
    [InlineData("catch-all", "anybody@old.example", "jane")]
    [InlineData("another server's domain", "users@lists.example.com", "users@lists.example.com")]
    public async Task A_mail_arrives_where_its_alias_leads(string subject, string recipient, string places)
    {
        await site.DeliverAsync(Elsewhere, Messages.Clean(subject), "john@example.org", recipient);

        AssertPlaces(subject, places.Split(' '));
    }

    [Fact]
    public async Task Nobody_gets_a_mail_twice_and_who_may_relay_reaches_others()
    {
        await site.DeliverAsync(
            Inside, Messages.Clean("many"), "jane@example.com", "sales@example.com", "info@shop.example", "jane@example.com", "ann@there.example");

        AssertPlaces("many", ["jane", "joe", "joe@elsewhere.example", "ann@there.example"]);
    }

    [Theory]
    [InlineData("nobody@example.com", "550 5.1.1 ")]
    [InlineData("nobody@shop.example", "550 5.1.1 ")]
    [InlineData("joe@elsewhere.example", "554 5.7.1 ")]
    [InlineData("@elsewhere.example:joe@elsewhere.example", "554 5.7.1 ")]
    public async Task An_address_that_leads_nowhere_is_refused_and_the_connection_stays(string recipient, string reply)
    {
        using var smtp = await site.ConnectAsync(Elsewhere);
        await smtp.AskAsync("MAIL FROM:<john@example.org>");

        Assert.StartsWith(reply, await smtp.AskAsync($"RCPT TO:<{recipient}>"));

        Assert.StartsWith("250", await smtp.AskAsync("RCPT TO:<jane@example.com>"));
    }

    [Fact]
    public async Task A_circle_is_refused_and_a_changed_file_counts_at_once()
    {
        using var smtp = await site.ConnectAsync(Elsewhere);
        await smtp.AskAsync("MAIL FROM:<john@example.org>");
        Assert.StartsWith("550 5.1.1 ", await smtp.AskAsync("RCPT TO:<ping@example.com>"));

        await File.AppendAllTextAsync(
            Path.Combine(site.Folder, "lists", "aliases.csv"), "ping@example.com,jane@example.com,pong@example.com\npong@example.com,ping@example.com\n",
            TestContext.Current.CancellationToken);

        Assert.StartsWith("550 5.4.6 ", await smtp.AskAsync("RCPT TO:<ping@example.com>"));
        Assert.StartsWith("550 5.4.6 ", await smtp.AskAsync("RCPT TO:<pong@example.com>"));
        Assert.StartsWith("250", await smtp.AskAsync("RCPT TO:<sales@example.com>"));
    }

    [Fact]
    public async Task An_alias_that_goes_between_RCPT_and_the_rules_of_postq_loses_no_mail()
    {
        var file = Path.Combine(site.Folder, "lists", "aliases.csv");
        var before = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, before + "leaving@example.com,jane@example.com\n", TestContext.Current.CancellationToken);
        using var smtp = await site.ConnectAsync(Elsewhere);
        await smtp.AskAsync("MAIL FROM:<john@example.org>");
        Assert.StartsWith("250", await smtp.AskAsync("RCPT TO:<leaving@example.com>"));
        await File.WriteAllTextAsync(file, before, TestContext.Current.CancellationToken);

        var reply = await smtp.SendDataAsync(Messages.Clean("left"));

        Assert.StartsWith("250", reply);
        await site.Server.WaitForAsync(RawSmtp.IdOf(reply), "quarantine/script-error");
    }

    [Fact]
    public Task Check_finds_nothing() => site.AssertCleanAsync();

    [Fact]
    public async Task Explain_tells_where_a_mail_goes()
    {
        var text = await site.ExplainAsync(
            "--from", "john@example.org", "--rcpt", "team@example.com", "--rcpt", "users@lists.example.com", "--rcpt", "nobody@example.com");

        Assert.Contains("rcpt <nobody@example.com>: info, with the reply 550 5.1.1 ", text);
        Assert.Contains("to <kim@example.com> by maildir", text);
        Assert.Contains("to <consultant@elsewhere.example> by deliver", text);
        Assert.Contains("to <users@lists.example.com> by forward to 127.0.0.1:", text);
    }

    /// <summary>A place is a Maildir's user, or an address at the relay host or the server of the lists.</summary>
    private void AssertPlaces(string subject, string[] places)
    {
        foreach (var user in (string[])["jane", "joe", "kim"])
            Assert.Equal(places.Contains(user) ? 1 : 0, site.Maildir($"{user}@example.com", subject).Length);
        var others = places.Where(place => place.Contains('@')).ToLookup(place => place.EndsWith("@lists.example.com", StringComparison.Ordinal));
        Assert.Equal(others[false].Order(), RecipientsAt(site.RelayHost, subject));
        Assert.Equal(others[true].Order(), RecipientsAt(site.OtherHost, subject));
    }

    private static IEnumerable<string> RecipientsAt(TestSmtpServer host, string subject) =>
        host.Mails.Where(mail => mail.Header("Subject") == subject).SelectMany(mail => mail.Recipients).Order();

    /// <summary>Its office is another address of this machine.</summary>
    public sealed class Site() : ExampleSite("aliases", ("127.0.0.1/32", $"{Inside}/32"));
}
