using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Reloading;

public sealed class ReloadTests
{
    private const string Broken = """
        import "service" as service;

        #{
            postq: [
                delegate service::nobody "scan" || next(),
            ],
        }
        """;

    [Fact]
    public async Task Mails_that_sleep_go_on_under_their_rules_and_mails_that_come_after_a_reload_under_the_new_ones()
    {
        await using var site = await ReloadSite.StartAsync(ReloadSite.Marking("a"));
        var first = await site.SleepAsync("first");
        await site.ReloadAsync(ReloadSite.Marking("b", "scan anew"));
        var second = await site.SleepAsync("second");
        await site.ReloadAsync(ReloadSite.Marking("a"));
        var third = await site.SleepAsync("third");

        Assert.Equal("a", (await site.ReturnAsync(first, "first")).Header("X-Rules"));
        Assert.Equal("b", (await site.ReturnAsync(second, "second")).Header("X-Rules"));
        Assert.Equal("a", (await site.ReturnAsync(third, "third")).Header("X-Rules"));
        var rules = await RulesOfAsync(site, first, second, third);
        Assert.Equal(rules[0], rules[2]);
        Assert.NotEqual(rules[0], rules[1]);
        Assert.Contains("1 mail is asleep at postq \"scan\" of the rules", site.Server.Said, StringComparison.Ordinal);
        Assert.Contains("the present rules have no directive \"scan\"", site.Server.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_with_an_error_change_nothing_and_are_told_with_their_place()
    {
        await using var site = await ReloadSite.StartAsync(ReloadSite.Marking("a"));
        var sleeping = await site.SleepAsync("sleeping");
        await site.ReloadAsync(Broken, "error: the rules are not reloaded; those of before");

        Assert.Matches("main\\.vsl:5:\\d+: error: ", site.Server.Said);
        Assert.Contains("^", site.Server.Said, StringComparison.Ordinal);
        Assert.Matches("main\\.vsl:5:\\d+: error: ", Log(site));
        var after = await site.SleepAsync("after");
        Assert.Single((await RulesOfAsync(site, sleeping, after)).Distinct());
        Assert.Equal("a", (await site.ReturnAsync(sleeping, "sleeping")).Header("X-Rules"));
        Assert.Equal("a", (await site.ReturnAsync(after, "after")).Header("X-Rules"));

        await site.ReloadAsync(ReloadSite.Marking("b"));
        var mended = await site.SleepAsync("mended");
        Assert.Equal("b", (await site.ReturnAsync(mended, "mended")).Header("X-Rules"));
    }

    /// <summary>As nohup does it.</summary>
    [Fact]
    public async Task A_server_that_was_started_with_SIGHUP_ignored_hears_it()
    {
        await using var site = await ReloadSite.StartAsync(ReloadSite.Marking("a"), "sh", "-c", "trap '' HUP; exec \"$0\" \"$@\"");
        await site.ReloadAsync(ReloadSite.Marking("b"));
        Assert.Equal("b", (await site.ReturnAsync(await site.SleepAsync("heard"), "heard")).Header("X-Rules"));
    }

    [Fact]
    public async Task What_a_start_would_refuse_a_reload_refuses_too()
    {
        await using var site = await ReloadSite.StartAsync(ReloadSite.Marking("a"));
        site.Site.WriteService(receiver: "127.0.0.2");         // nothing listens there
        await site.ReloadAsync(ReloadSite.Marking("b"), "error: the rules are not reloaded");
        Assert.Contains("nothing listens on its receiver 127.0.0.2", site.Server.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_keeps_the_rules_that_it_began_with_until_its_next_HELO()
    {
        await using var site = await ReloadSite.StartAsync("#{ rcpt: [ rule \"rcpt\" || info(\"550 5.7.1 under a\") ] }");
        using var smtp = await RawSmtp.OpenAsync(site.Site.ClientPort);
        await smtp.AskAsync("HELO client.example.org");
        await site.ReloadAsync("#{ rcpt: [ rule \"rcpt\" || info(\"550 5.7.1 under b\") ] }");

        await smtp.AskAsync("MAIL FROM:<john@example.org>");
        Assert.Contains("under a", await smtp.AskAsync("RCPT TO:<jane@example.com>"), StringComparison.Ordinal);
        await smtp.AskAsync("HELO client.example.org");
        await smtp.AskAsync("MAIL FROM:<john@example.org>");
        Assert.Contains("under b", await smtp.AskAsync("RCPT TO:<jane@example.com>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_objects_are_read_again_and_a_changed_configuration_is_warned_of()
    {
        await using var site = await ReloadSite.StartAsync("#{}");
        const string rules = """
            import "lists" as lists;
            #{ mail: [ rule "blocked" || if mail_from() in lists::blocked { deny("550 5.7.1 blocked") } else { next() } ] }
            """;
        site.Site.Write("lists.vsl", $"object blocked file:address = \"{site.Site.Folder}/blocked.txt\";");
        site.Site.Write("blocked.txt", "eve@example.org\n");
        await site.ReloadAsync(rules);
        Assert.StartsWith("250", await TryAsync(site, "john@example.org"));
        Assert.StartsWith("550", await TryAsync(site, "eve@example.org"));

        site.Site.Write("blocked.txt", "john@example.org\n");
        await File.AppendAllTextAsync(site.Site.ConfigFile, "\n# changed\n");
        await site.ReloadAsync(rules);
        Assert.StartsWith("550", await TryAsync(site, "john@example.org"));
        Assert.Contains("vsmtp.toml has changed", site.Server.Said, StringComparison.Ordinal);
        await site.ReloadAsync(rules, "unchanged rules");
    }

    [Fact]
    public async Task Mails_flow_while_rules_are_reloaded_again_and_again()
    {
        await using var site = await ReloadSite.StartAsync(ReloadSite.Marking("0"));
        site.Service.OnMail = async mail => await site.Returning.ReturnAsync(mail);
        using var done = new CancellationTokenSource();
        var hangUps = Task.Run(async () =>
        {
            for (var i = 1; !done.IsCancellationRequested; i++)
            {
                site.Site.Write("main.vsl", i % 3 == 0 ? Broken : ReloadSite.Marking($"{i}", $"scan {i % 2}"));
                for (var j = 0; j < 3; j++) site.Server.HangUp();
                await Task.Delay(20);
            }
        });
        var ids = new List<(string Id, string Subject)>();
        for (var i = 0; i < 40; i++) ids.Add((await site.SendAsync(Messages.Clean($"mail {i}")), $"mail {i}"));
        foreach (var (id, subject) in ids) Assert.NotNull((await site.DeliveredAsync(id, subject)).Header("X-Rules"));
        await done.CancelAsync();
        await hangUps;

        Assert.Equal(0, await site.Server.StopAsync());
    }

    [Fact]
    public async Task After_a_kill_and_a_start_with_other_rules_mails_go_on_under_theirs()
    {
        await using var site = await ReloadSite.StartAsync(ReloadSite.Marking("a"));
        var first = await site.SleepAsync("first");
        await site.ReloadAsync(ReloadSite.Marking("b", "scan anew"));
        var second = await site.SleepAsync("second");
        await site.Server.KillAsync();
        site.Site.Write("main.vsl", ReloadSite.Marking("c"));
        await site.Server.StartAsync();
        await Patience.UntilAsync(() => Log(site).Contains("the present rules have no directive \"scan anew\"", StringComparison.Ordinal), "the log tells of it");

        Assert.Equal("a", (await site.ReturnAsync(first, "first")).Header("X-Rules"));
        Assert.Equal("b", (await site.ReturnAsync(second, "second")).Header("X-Rules"));
    }

    [Fact]
    public async Task A_SIGHUP_while_the_server_starts_or_stops_does_no_harm()
    {
        await using var site = await ReloadSite.StartAsync(ReloadSite.Marking("a"));
        await site.Server.StopAsync();
        var socket = Path.Combine(site.Site.Folder, site.Site.Spool, site.Server.Socket);
        File.Delete(socket);
        var starting = site.Server.StartAsync();
        // Before that it has not come to its own code yet, and no program can take a signal then.
        await Patience.UntilAsync(() => File.Exists(socket), "the server has begun to start", () => site.Server.Said);
        do
        {
            site.Server.HangUp();
            await Task.Delay(5);
        }
        while (!starting.IsCompleted);
        await starting;
        await Patience.UntilAsync(() => site.Server.Said.Contains("unchanged rules", StringComparison.Ordinal), "it is served when it is ready", () => site.Server.Said);

        var id = site.Server.Id;
        var stopping = site.Server.StopAsync();
        while (!stopping.IsCompleted)
        {
            _ = NativeSignals.Kill(id, 1);
            await Task.Delay(5);
        }

        Assert.Equal(0, await stopping);
    }

    [Fact]
    public async Task A_receiver_that_the_new_rules_do_not_have_stays_open_for_the_mails_that_sleep()
    {
        await using var site = await ReloadSite.StartAsync(ReloadSite.Marking("a"));
        var sleeping = await site.SleepAsync("sleeping");
        await site.ReloadAsync("#{}");
        Assert.Equal("a", (await site.ReturnAsync(sleeping, "sleeping")).Header("X-Rules"));
    }

    private static async Task<string[]> RulesOfAsync(ReloadSite site, params string[] ids)
    {
        var rules = new List<string>();
        foreach (var id in ids) rules.Add((await site.Server.Api.FindAsync(id))!.RuleSet);
        return [.. rules];
    }

    /// <summary>The reply to MAIL of a sender in a session of its own.</summary>
    private static async Task<string> TryAsync(ReloadSite site, string sender)
    {
        using var smtp = await RawSmtp.OpenAsync(site.Site.ClientPort);
        return await smtp.AskAsync($"MAIL FROM:<{sender}>");
    }

    private static string Log(ReloadSite site) =>
        SharedFile.ReadAllText(Directory.EnumerateFiles(Path.Combine(site.Site.Folder, "log"), "vsmtp*").Single());
}
