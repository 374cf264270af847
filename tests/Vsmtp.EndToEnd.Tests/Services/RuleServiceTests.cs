using System.Text.RegularExpressions;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Services;

/// <summary>Services that rules call themselves, in the real server.</summary>
public sealed class RuleServiceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_decides_about_a_mail()
    {
        await using var site = await StartAsync(
            """service check cmd = #{ command: "sh", timeout: "30s", args: ["-c", "case \"$1\" in bad*) exit 1;; esac", "sh"] };""",
            """
            postq: [ rule "by command" || {
                let said = service::check.run(["-c", "case \"$1\" in bad*) exit 1;; esac", "sh", mail_from().local_part]);
                if said.has_code && said.code == 0 { next() } else { quarantine("bad") }
            } ],
            """);

        var good = await site.SendAsync(Messages.Clean("good"), "good@example.org", "jane@example.com");
        var bad = await site.SendAsync(Messages.Clean("bad"), "bad@example.org", "jane@example.com");

        await site.DeliveredAsync(good, "good");
        await site.Server.WaitForAsync(bad, "quarantine/bad");
    }

    [Fact]
    public async Task A_command_sees_nothing_of_the_servers_secrets_and_files()
    {
        using var folder = new TestSite();
        var seen = Path.Combine(folder.Folder, "seen");
        await using var site = new RunningSite(
            """import "service" as service; #{ postq: [ rule "look" || { service::look.run(); next() } ] }""");
        site.Site.Write("service.vsl", $$"""service look cmd = #{ command: "sh", timeout: "30s", args: ["-c", "{ env; echo --; ls -l /proc/self/fd; } > {{seen}}"] };""");
        site.Server.Variables["VSMTP_SECRET_OF_THE_TEST"] = "hunter2";
        await site.InitializeAsync();
        await site.DeliveredAsync(await site.SendAsync(Messages.Clean("look")), "look");

        var text = await File.ReadAllTextAsync(seen, Token);
        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
        Assert.Contains("PATH=", text, StringComparison.Ordinal);
        var files = text.Split('\n').Where(line => line.Contains(" -> ", StringComparison.Ordinal)).ToList();
        Assert.Contains("0 -> /dev/null", files[0], StringComparison.Ordinal);
        Assert.Equal(4, files.Count);                          // 0, 1, 2, and the folder that ls reads
        Assert.DoesNotContain(files, file => Regex.IsMatch(file, "socket|vsmtp.db|eventpoll"));
    }

    [Fact]
    public async Task A_stopping_server_leaves_no_command_running_and_the_mail_is_judged_at_the_next_start()
    {
        using var folder = new TestSite();
        var id = Path.Combine(folder.Folder, "id");
        await using var site = await StartAsync(
            $$"""service slow cmd = #{ command: "sh", timeout: "300s", args: ["-c", "[ -e {{id}} ] && exit 0; echo $$ > {{id}}.new; mv {{id}}.new {{id}}; exec sleep 1000"] };""",
            """postq: [ rule "slow" || if service::slow.run().has_code { next() } else { deny() } ],""");
        var mail = await site.SendAsync(Messages.Clean("slow"));
        await Patience.UntilAsync(() => File.Exists(id), "the command runs");

        Assert.Equal(0, await site.Server.StopAsync());

        Assert.False(Directory.Exists($"/proc/{(await File.ReadAllTextAsync(id, Token)).Trim()}"), "The command runs on.");
        await site.Server.StartAsync();
        await site.DeliveredAsync(mail, "slow");
    }

    [Fact]
    public async Task Records_and_rows_that_rules_write_are_there_after_a_kill()
    {
        using var folder = new TestSite();
        var (csv, database) = (Path.Combine(folder.Folder, "seen.csv"), Path.Combine(folder.Folder, "rules.db"));
        await File.WriteAllTextAsync(csv, "", Token);
        await File.WriteAllTextAsync(database, "", Token);
        await using var site = await StartAsync(
            $$"""
            service seen db:csv = #{ connector: "{{csv}}", access: "O_RDWR", refresh: "always", delimiter: ',' };
            service counts db:sqlite = #{ connector: "{{database}}" };
            """,
            """
            rcpt: [ rule "greylist" || {
                service::counts.execute("create table if not exists count (sender text primary key, n integer)");
                service::counts.execute("insert into count values ($1, 1) on conflict (sender) do update set n = n + 1", [mail_from()]);
                let n = service::counts.query("select n from count where sender = $1", [mail_from()])[0].n;
                if service::seen.get(mail_from()).is_empty() {
                    service::seen.set([mail_from(), client_ip()]);
                    info("451 4.7.1 Please try again")
                } else {
                    prepend_header("X-Count", `${n}`);
                    next()
                }
            } ],
            """);
        using (var smtp = await RawSmtp.OpenAsync(site.Site.ClientPort))
            Assert.StartsWith("451 4.7.1 ", await smtp.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean()));
        await site.Server.KillAsync();
        Assert.Equal("john@example.org,127.0.0.1\n", await File.ReadAllTextAsync(csv, Token));
        await site.Server.StartAsync();

        var mail = await site.DeliveredAsync(await site.SendAsync(Messages.Clean("again")), "again");

        Assert.Equal("2", mail.Header("X-Count"));
    }

    [Fact]
    public async Task A_kill_amid_a_removal_leaves_the_old_file_or_the_new_one()
    {
        using var folder = new TestSite();
        var csv = Path.Combine(folder.Folder, "list.csv");
        var kept = Enumerable.Range(0, 50_000).Select(i => $"user{i},\"a value, with its number {i}\"").ToList();
        await File.WriteAllTextAsync(csv, string.Join('\n', kept) + "\n", Token);
        await using var site = await StartAsync(
            $$"""service list db:csv = #{ connector: "{{csv}}", access: "O_RDWR", refresh: "always", delimiter: ',' };""",
            """helo: [ rule "busy" || { for i in 0..1000 { service::list.set([helo(), "x"]); service::list.rm(helo()); } next() } ],""");
        for (var round = 0; round < 6; round++)
        {
            var began = new FileInfo(csv).LastWriteTimeUtc;
            var (client, _) = await RawSmtp.ConnectAsync(site.Site.ClientPort);
            using var end = client;
            await client.SendAsync($"EHLO removed{round}\r\n");
            await Patience.UntilAsync(() => new FileInfo(csv).LastWriteTimeUtc != began, "the rule is at work");
            await Task.Delay(Random.Shared.Next(150), Token);  // any moment of its work will do
            await site.Server.KillAsync();

            var lines = (await File.ReadAllTextAsync(csv, Token)).Split('\n');
            Assert.Equal("", lines[^1]);
            Assert.Equal(kept, lines[..kept.Count]);
            Assert.InRange(lines.Length - 1 - kept.Count, 0, round + 1);
            Assert.All(lines[kept.Count..^1], line => Assert.Matches(@"^removed\d,x$", line));
            await site.Server.StartAsync();
        }
    }

    [Fact]
    public async Task The_store_of_the_mails_is_no_database_of_rules()
    {
        using var site = new TestSite("""import "service" as service; #{}""");
        site.Write("service.vsl", $$"""service mine db:sqlite = #{ connector: "{{site.Folder}}/spool/vsmtp.db" };""");

        var (code, _, error) = await ServerProcess.RunAsync("check", "-c", site.ConfigFile);

        Assert.Equal(1, code);
        Assert.Contains("vsmtp.db` is the store of this server's mails, which rules cannot use", error, StringComparison.Ordinal);
    }

    private static async Task<RunningSite> StartAsync(string services, string stages)
    {
        var site = new RunningSite($"import \"service\" as service;\n#{{ {stages} }}");
        site.Site.Write("service.vsl", services);
        try
        {
            await site.InitializeAsync();
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }
}
