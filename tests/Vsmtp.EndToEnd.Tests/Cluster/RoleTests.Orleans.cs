using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Cluster;

/// <summary>Which process does what, and which come and go without harm.</summary>
public sealed class RoleTests
{
    private const string Quick = """
        proof: ["X-Scanned"], peers: ["127.0.0.1"], retry: #{ first: "1s", max: "1s", give_up: "1h" },
        """;

    [Fact]
    public async Task A_gateway_waits_for_the_first_silo_and_then_takes_mails()
    {
        await using var cluster = await ClusterSite.CreateAsync(new TestSite("#{}"), silos: 1);
        await using var relay = new ScriptedServer(cluster.Site.RelayPort);
        var starting = cluster.Gateways[0].StartAsync();
        await Patience.UntilAsync(() => File.Exists(Path.Combine(cluster.Site.Folder, "spool", "gateway1.sock")) || cluster.Gateways[0].IsRunning, "the gateway runs");
        await cluster.Silos[0].StartAsync();
        await starting;
        Assert.Contains($"listening on 127.0.0.1:{cluster.Site.ClientPort}", cluster.Gateways[0].Said, StringComparison.Ordinal);
        Assert.DoesNotContain("listening on", cluster.Silos[0].Said, StringComparison.Ordinal);

        var id = await RawSmtp.SendOneAsync(cluster.Site.ClientPort, Messages.Clean("hello"));
        await cluster.Silos[0].WaitForAsync(id, "delivered");
        Assert.Single(relay.Mails);
    }

    [Fact]
    public async Task A_large_mail_is_staged_by_the_gateway_and_delivered_by_a_silo_byte_for_byte()
    {
        await using var cluster = await ClusterSite.StartAsync(new TestSite("#{}"));
        await using var relay = new ScriptedServer(cluster.Site.RelayPort);
        var message = Messages.Clean("large", string.Concat(Enumerable.Repeat($"{new string('x', 70)}\r\n", 40_000)));
        var id = await RawSmtp.SendOneAsync(cluster.Site.ClientPort, message);
        await cluster.Silos[0].WaitForAsync(id, "delivered");
        Assert.Equal(message, Assert.Single(relay.Mails).TextBelowTrace);
        Assert.Equal(0, await cluster.AskAsync<long>("SELECT count(*) FROM vsmtp.content"));
    }

    [Fact]
    public async Task A_service_may_bring_a_mail_back_to_any_gateway()
    {
        await using var cluster = await ClusterSite.StartAsync(DelegatingSite(), gateways: 2);
        await using var relay = new ScriptedServer(cluster.Site.RelayPort);
        await using var service = new ScriptedServer(cluster.Site.ServicePort);
        var id = await RawSmtp.SendOneAsync(cluster.Site.ClientPort, Messages.Clean("there and back"));
        await Patience.UntilAsync(() => !service.Mails.IsEmpty, "the mail is at the service", () => cluster.Said);
        await cluster.Gateways[0].KillAsync();

        var back = Messages.WithHeader(Assert.Single(service.Mails).Text, "X-Scanned", "yes");
        Assert.StartsWith("250", await new ReturningService(cluster.Site.ReceiverPort, "127.0.0.2").ReturnAsync(Assert.Single(service.Mails), back));
        await cluster.Silos[0].WaitForAsync(id, "delivered");
        Assert.Single(relay.Mails);
    }

    [Fact]
    public async Task A_mail_that_sleeps_at_a_service_outlives_all_silos()
    {
        await using var cluster = await ClusterSite.StartAsync(DelegatingSite());
        await using var relay = new ScriptedServer(cluster.Site.RelayPort);
        await using var service = new ScriptedServer(cluster.Site.ServicePort);
        var id = await RawSmtp.SendOneAsync(cluster.Site.ClientPort, Messages.Clean("long sleep"));
        // Killed before the service's 250 is committed, a silo has to send the mail again: another matter, with tests of its own.
        await Patience.UntilAsync(() => cluster.IsAsleepAsync(id), "the mail sleeps", () => cluster.Said);
        foreach (var silo in cluster.Silos) await silo.KillAsync();
        await Task.WhenAll(cluster.Silos.Select(silo => silo.StartAsync()));

        var mail = Assert.Single(service.Mails);
        var answer = await new ReturningService(cluster.Site.ReceiverPort).ReturnAsync(mail, Messages.WithHeader(mail.Text, "X-Scanned", "yes"));
        Assert.True(answer.StartsWith("250", StringComparison.Ordinal), answer + cluster.Said);
        await cluster.Silos[0].WaitForAsync(id, "delivered");
        Assert.Single(relay.Mails);
    }

    [Fact]
    public async Task Without_any_silo_a_client_is_told_451_and_its_mail_is_delivered_once_when_it_comes_again()
    {
        await using var cluster = await ClusterSite.StartAsync(new TestSite("#{}"), silos: 1);
        await using var relay = new ScriptedServer(cluster.Site.RelayPort);
        await cluster.Silos[0].KillAsync();
        using (var client = await RawSmtp.OpenAsync(cluster.Site.ClientPort))
        {
            Assert.StartsWith("451 4.3.0", await client.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean("again")));
        }

        Assert.Equal(1, await cluster.AskAsync<long>("SELECT count(*) FROM vsmtp.mail WHERE queue = 'withdrawn'"));
        await cluster.Silos[0].StartAsync();
        var id = await RawSmtp.SendOneAsync(cluster.Site.ClientPort, Messages.Clean("again"));
        await cluster.Silos[0].WaitForAsync(id, "delivered");
        Assert.Single(relay.Mails);
        (await cluster.SnapshotAsync()).AssertCountersAddUp();
    }

    [Fact]
    public async Task A_silo_that_is_told_to_stop_hands_its_mails_over_and_none_is_sent_twice()
    {
        await using var cluster = await ClusterSite.StartAsync(new TestSite("#{}"));
        await using var relay = new ScriptedServer(cluster.Site.RelayPort);
        var sending = Task.WhenAll(Enumerable.Range(0, 4).Select(async client =>
        {
            var ids = new List<string>();
            for (var i = 0; i < 75; i++) ids.Add(await RawSmtp.SendOneAsync(cluster.Site.ClientPort, Messages.Clean($"mail {client}-{i}")));
            return ids;
        }));
        foreach (var silo in cluster.Silos)
        {
            await Patience.UntilAsync(() => relay.Mails.Count > 20, "mails flow");
            Assert.Equal(0, await silo.StopAsync());
            await silo.StartAsync();
        }

        foreach (var id in (await sending).SelectMany(ids => ids)) await cluster.Gateways[0].WaitForAsync(id, "delivered");
        Assert.Equal(300, relay.Mails.Count);
        Assert.Equal(300, relay.Mails.Select(mail => mail.Header("Subject")).Distinct().Count());
    }

    [Fact]
    public async Task A_silo_that_hangs_loses_the_store_and_its_mails_go_on_without_it()
    {
        await using var cluster = await ClusterSite.StartAsync(new TestSite("#{}"));
        var first = new TaskCompletionSource<string?>();
        ScriptedServer? all = null;
        await using var relay = all = new ScriptedServer(cluster.Site.RelayPort)
        {
            OnMail = _ => all!.Seen.Count == 1 ? first.Task : Task.FromResult<string?>("250 2.0.0 Taken"),
        };
        await using var end = new LastAnswer(first);
        var id = await RawSmtp.SendOneAsync(cluster.Site.ClientPort, Messages.Clean("stuck"));
        await Patience.UntilAsync(() => !relay.Seen.IsEmpty, "the relay host has the mail", () => cluster.Said);
        var busy = await cluster.AskAsync<string>("SELECT busy_by FROM vsmtp.mail");
        var hanging = Assert.Single(cluster.Silos, silo => busy.Contains($":{silo.Id}:", StringComparison.Ordinal));
        hanging.Freeze();

        await cluster.Silos.Single(silo => silo != hanging).WaitForAsync(id, "delivered");
        hanging.Thaw();
        Assert.Equal(1, await hanging.WaitForExitAsync());
        first.SetResult(null);                                 // whom it was for has gone
        Assert.Equal(2, relay.Seen.Count);
        Assert.Single(relay.Mails);
    }

    [Fact]
    public async Task A_delivery_that_outlasts_leases_and_activations_is_made_by_one_silo_once()
    {
        var site = new TestSite("#{}");
        await using var cluster = await ClusterSite.StartAsync(site);
        var answer = new TaskCompletionSource<string?>();
        await using var relay = new ScriptedServer(site.RelayPort) { OnMail = _ => answer.Task };
        await using var end = new LastAnswer(answer);
        var id = await RawSmtp.SendOneAsync(site.ClientPort, Messages.Clean("slow"));
        await Patience.UntilAsync(() => !relay.Seen.IsEmpty, "the relay host has the mail", () => cluster.Said);
        // Its grain is gone from memory after 2 s, and its wake-up is due after 30 s: both silos' sweeps have seen it by then.
        await cluster.AskAsync<long>("WITH due AS (UPDATE vsmtp.mail SET wake_at = 0 RETURNING 1) SELECT count(*) FROM due");
        await Patience.UntilAsync(
            async () => await cluster.AskAsync<bool>("SELECT bool_and(wake_at > 0) FROM vsmtp.mail"), "a sweep has seen it", () => cluster.Said);
        await cluster.AskAsync<long>("WITH due AS (UPDATE vsmtp.mail SET wake_at = 0 RETURNING 1) SELECT count(*) FROM due");
        await Patience.UntilAsync(
            async () => await cluster.AskAsync<bool>("SELECT bool_and(wake_at > 0) FROM vsmtp.mail"), "a sweep has seen it again", () => cluster.Said);

        answer.SetResult("250 2.0.0 Taken");
        await cluster.Silos[0].WaitForAsync(id, "delivered");
        Assert.Single(relay.Seen);
    }

    [Fact]
    public async Task A_silo_on_SQLite_is_refused_with_the_key_to_change()
    {
        await using var cluster = await ClusterSite.StartAsync(new TestSite("#{}"), silos: 1);
        var (code, _, error) = await ServerProcess.RunAsync("serve", "-c", cluster.Site.ConfigFile, "--role", "silo");
        Assert.Equal(1, code);
        Assert.Contains("server.storage.url must be postgres://", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dashboard_that_is_to_have_a_password_is_refused_as_long_as_none_is_asked_for()
    {
        using var site = new TestSite("#{}");
        site.Write("passwords", "");
        var (code, _, error) = await ServerProcess.RunAsync(
            "serve", "-c", site.ConfigFile, "--role", "silo", "--set", $"server.dashboard.password_file={Path.Combine(site.Folder, "passwords")}");
        Assert.Equal(1, code);
        Assert.Contains("the dashboard has no log-in yet", error, StringComparison.Ordinal);
    }

    private static TestSite DelegatingSite()
    {
        var site = new TestSite("""
            import "service" as service;
            #{ postq: [ delegate service::clamsmtpd "scan" || next() ] }
            """);
        site.WriteService(Quick, receiver: "0.0.0.0");
        return site;
    }

    /// <summary>Ends a wait with the test, however it ends: a server that is disposed of waits for those whom it serves.</summary>
    private sealed class LastAnswer(TaskCompletionSource<string?> answer) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            answer.TrySetResult(null);
            return ValueTask.CompletedTask;
        }
    }
}
