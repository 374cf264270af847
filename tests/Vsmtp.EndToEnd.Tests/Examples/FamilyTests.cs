using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Examples;

/// <summary><c>examples/family</c>: who reads what.</summary>
public sealed class FamilyTests(FamilyTests.Site site) : IClassFixture<FamilyTests.Site>
{
    private const string Home = "127.0.0.2";
    private const string Elsewhere = "127.0.0.4";
    private const string Known = "grandma@example.org";
    private const string Stranger = "john@example.org";
    private static readonly string[] Everybody = ["ann", "bob", "cleo", "dan"];

    [Theory]
    [InlineData("one", Stranger, "ann", "ann")]
    [InlineData("capitals", Stranger, "Ann", "ann")]
    [InlineData("the list", Known, "all", "ann", "bob", "cleo", "dan")]
    [InlineData("the list in capitals", "Grandma@Example.ORG", "ALL", "ann", "bob", "cleo", "dan")]
    [InlineData("the list for a stranger", Stranger, "all", "ann", "bob")]
    [InlineData("catch-all", Stranger, "anna", "ann", "bob")]
    [InlineData("a child's friend", Known, "cleo", "cleo")]
    [InlineData("a bounce for a child", "", "dan", "ann", "bob")]
    [InlineData("a bounce", "", "bob", "bob")]
    public async Task A_mail_from_elsewhere_is_with_its_readers(string subject, string sender, string recipient, params string[] readers)
    {
        await site.DeliverAsync(Elsewhere, Messages.Clean(subject), sender, $"{recipient}@family.example");

        AssertReaders(subject, readers);
    }

    [Fact]
    public async Task Nobody_reads_a_mail_twice()
    {
        await site.DeliverAsync(Elsewhere, Messages.Clean("often"), Known, "all@family.example", "cleo@family.example", "nobody@family.example");

        AssertReaders("often", Everybody);
    }

    [Fact]
    public async Task A_child_writes_to_the_family_and_to_others()
    {
        await site.DeliverAsync(Home, Messages.Clean("from a child"), "dan@family.example", "cleo@family.example", "joe@elsewhere.example");

        AssertReaders("from a child", ["cleo"]);
        Assert.Equal(["joe@elsewhere.example"], Assert.Single(site.RelayHost.Mails, mail => mail.Header("Subject") == "from a child").Recipients);
    }

    [Theory]
    [InlineData(Stranger, "cleo@family.example", "550 5.7.1 Not a known sender")]
    [InlineData(Stranger, "CLEO@family.example", "550 5.7.1 Not a known sender")]
    [InlineData(Stranger, "joe@elsewhere.example", "554 5.7.1 ")]
    public async Task A_recipient_is_refused_and_the_others_are_not(string sender, string recipient, string reply)
    {
        using var smtp = await site.ConnectAsync(Elsewhere);
        await smtp.AskAsync($"MAIL FROM:<{sender}>");

        Assert.StartsWith(reply, await smtp.AskAsync($"RCPT TO:<{recipient}>"));

        Assert.StartsWith("250", await smtp.AskAsync("RCPT TO:<ann@family.example>"));
    }

    [Fact]
    public async Task Nobody_from_elsewhere_writes_in_our_name()
    {
        using var smtp = await site.ConnectAsync(Elsewhere);

        Assert.StartsWith("554 5.7.1 ", await smtp.AskAsync("MAIL FROM:<ann@family.example>"));
    }

    [Fact]
    public Task Check_finds_nothing() => site.AssertCleanAsync();

    [Fact]
    public async Task Explain_tells_who_reads_a_mail()
    {
        var text = await site.ExplainAsync("--from", Known, "--rcpt", "all@family.example", "--client", "203.0.113.9");

        Assert.Contains("In the end: it is delivered", text);
        Assert.All(Everybody, reader => Assert.Contains($"to <{reader}@family.example> by maildir", text));

        var refused = await site.ExplainAsync("--from", Stranger, "--rcpt", "dan@family.example", "--client", "203.0.113.9");
        Assert.Contains("rule \"children hear from whom we know\" (main.vsl:", refused);
        Assert.Contains("550 5.7.1 Not a known sender", refused);
    }

    private void AssertReaders(string subject, string[] readers) => Assert.All(Everybody, one =>
        Assert.Equal(readers.Contains(one) ? 1 : 0, site.Maildir($"{one}@family.example", subject).Length));

    /// <summary>Its home is another address of this machine.</summary>
    public sealed class Site() : ExampleSite("family", ("127.0.0.1/32", $"{Home}/32"));
}
