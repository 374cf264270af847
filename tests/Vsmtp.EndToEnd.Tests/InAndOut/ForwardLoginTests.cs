using System.Text.Json;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Smtp.Tests.Client;

namespace Vsmtp.EndToEnd.Tests.InAndOut;

/// <summary>A rule names a server by URL with a name and a password: the server lets us in, and nobody else sees them.</summary>
public sealed class ForwardLoginTests
{
    private const string User = "jürgen";
    private const string Password = "p@ss/wörd:sesam7zq";
    private const string Words = "j%C3%BCrgen:p%40ss%2Fw%C3%B6rd%3Asesam7zq";

    private static readonly TestAccount Account = new(User, Password);

    /// <summary>In all forms that could be seen.</summary>
    private static readonly string[] Secrets = [Password, Words, "sesam7zq", Account.PlainWord, Account.LoginWords[1]];

    [Theory]
    [InlineData("PLAIN", false, "")]
    [InlineData("LOGIN", false, "")]
    [InlineData("PLAIN", true, "")]
    [InlineData("LOGIN", true, "?tls=required")]
    public async Task The_server_lets_us_in_and_the_password_is_nowhere(string mechanism, bool isSecured, string query)
    {
        using var certificates = new ScriptedCertificates();
        await using var site = await StartAsync(query);
        site.Service.Known = Account with { Mechanism = mechanism };
        if (isSecured) site.Service.Shown = certificates.Make("far.example");

        var id = await SendAsync(site);
        await site.Server.WaitForAsync(id, "delivered");
        Assert.Single(site.Service.Mails);
        await AssertHiddenAsync(site, id, site.Service.Mails.Single().Text);
    }

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    public async Task A_server_that_refuses_the_password_is_named_to_the_sender_and_the_password_is_not(string mechanism)
    {
        await using var site = await StartAsync(settings: "server.queues.delivery.deferred_retry_max=1");
        site.Service.Known = Account with { Mechanism = mechanism, Password = "another" };

        var id = await SendAsync(site);
        var mail = await site.Server.WaitForAsync(id, "bounced");
        Assert.Contains(mail.Events, one => one.Why.Contains("name and password were refused with 535 5.7.8 nobody", StringComparison.Ordinal));
        Assert.Empty(site.Service.Mails);
        var told = await ToldAsync(site);
        Assert.Contains("535 5.7.8 nobody of that name and password", told.Text, StringComparison.Ordinal);
        await AssertHiddenAsync(site, id, told.Text);
    }

    [Theory]
    [InlineData("535 5.7.8 not {0}")]
    [InlineData("500-5.5.2 what is this?\r\n500 5.5.2 \"{0}\" unknown")]
    public async Task A_server_that_says_the_password_back_tells_it_to_nobody(string answer)
    {
        await using var site = await StartAsync(settings: "server.queues.delivery.deferred_retry_max=1");
        site.Service.Known = Account with { Password = "another" };
        site.Service.OnReply = (to, reply) => Task.FromResult<string?>(to == "AUTH"
            ? string.Format(null, answer, $"AUTH PLAIN {Account.PlainWord} ({Messages.Utf8(Password)}, {Account.LoginWords[1]})") : reply);

        var id = await SendAsync(site);
        var mail = await site.Server.WaitForAsync(id, "bounced");
        Assert.Contains(mail.Events, one => one.Why.Contains($"name and password were refused with {answer[..3]}", StringComparison.Ordinal)
            && one.Why.Contains("(not shown)", StringComparison.Ordinal));
        await AssertHiddenAsync(site, id, (await ToldAsync(site)).Text);
    }

    /// <summary>The mail of <see cref="SendAsync"/> goes to the service, all others to the relay host.</summary>
    private static async Task<RunningSite> StartAsync(string query = "", string? settings = null)
    {
        var site = new RunningSite("");
        // On one line, as the one that `explain` shows where the rules have decided.
        site.Site.Write("main.vsl", $$"""
            #{
                delivery: [
                    rule "far" || if has_header("X-Far") { forward_all("smtp://{{Words}}@127.0.0.1:{{site.Site.ServicePort}}{{query}}"); dump("contexts"); accept() } else { next() },
                ],
            }
            """);
        site.Server.Settings.Add("server.logs.level=[\"trace\"]");
        if (settings is not null) site.Server.Settings.Add(settings);
        await site.InitializeAsync();
        return site;
    }

    private static Task<string> SendAsync(RunningSite site) => site.SendAsync(Messages.Clean(headers: "X-Far: yes\r\n"));

    private static async Task<ReceivedMail> ToldAsync(RunningSite site)
    {
        await Patience.UntilAsync(() => !site.Relay.Mails.IsEmpty, "a notification at the relay host");
        return site.Relay.Mails.Single();
    }

    /// <summary>Looks wherever an operator, or a sender, would.</summary>
    private static async Task AssertHiddenAsync(RunningSite site, string id, string mail)
    {
        site.Site.Write("far.eml", Messages.Clean(headers: "X-Far: yes\r\n"));
        string[] explain = ["explain", "--eml", Path.Combine(site.Site.Folder, "far.eml"), "--from", "john@example.org", "--rcpt", "jane@example.com"];
        var explained = (await site.RunAsync(explain)).Output;
        var files = ReadFiles(site);
        // They do tell of the server that it went to.
        Assert.All([explained, files], text => Assert.Contains("smtp://…@127.0.0.1:", text, StringComparison.Ordinal));

        string[] places =
        [
            explained, files, mail, site.Server.Said, (await site.RunAsync([.. explain, "--json"])).Output, (await site.RunAsync("queue", "show", id)).Output,
            JsonSerializer.Serialize(await site.Server.Api.FindAsync(id)), JsonSerializer.Serialize(await site.Server.Api.ListAsync("delivered")),
            JsonSerializer.Serialize(await site.Server.Api.ListAsync("bounced")),
        ];
        foreach (var secret in Secrets.Concat(Secrets.Select(Messages.Utf8)))
            Assert.All(places, text => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }

    /// <summary>Logs, and what rules have written.</summary>
    private static string ReadFiles(RunningSite site) => string.Concat(((string[])["log", "app"]).SelectMany(folder =>
        Directory.EnumerateFiles(Path.Combine(site.Site.Folder, folder), "*", SearchOption.AllDirectories)).Select(SharedFile.ReadAllText));
}
