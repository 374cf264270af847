using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Antivirus;

/// <summary>Scanner, receiver or server are away for a while: mails wait where operators see them, and go on by themselves.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task While_clamd_is_away_mails_wait_in_delegated_and_go_on_when_it_is_back()
    {
        await using var site = await AntivirusSite.StartAsync();
        await site.Clam.StopClamdAsync();
        var clean = await site.SendAsync(Messages.Clean("clean"));
        var infected = await site.SendAsync(Messages.Clean("infected", ClamStack.Marker));

        var waiting = await site.HappenedAsync(clean, "retry", times: 2);
        Assert.Equal("delegated", waiting.Mail.Queue);
        Assert.Contains("451", waiting.Events.Last(e => e.What == "retry").Why);
        // While an attempt is under way the reason is that; between two of them it is the reply.
        var listed = "";
        await Patience.UntilAsync(
            async () => (listed = (await ServerProcess.RunAsync("queue", "list", "delegated", "-c", site.Site.ConfigFile)).Output)
                .Contains("451 Local Error", StringComparison.Ordinal),
            "the reply as the reason", () => listed);
        Assert.Contains(clean, listed);
        Assert.Empty(site.Relay.Seen);

        await site.Clam.StartClamdAsync();
        await site.DeliveredAsync(clean, "clean");
        await site.QuarantinedAsync(infected, "virus_q");
    }

    [Fact]
    public async Task While_clamsmtpd_is_away_mails_wait_in_delegated_and_go_on_when_it_is_back()
    {
        await using var site = await AntivirusSite.StartAsync();
        await site.Clam.StopClamsmtpdAsync();
        var clean = await site.SendAsync(Messages.Clean("clean"));
        var infected = await site.SendAsync(Messages.Clean("infected", ClamStack.Marker));

        var waiting = await site.HappenedAsync(clean, "retry", times: 2);
        Assert.Equal("delegated", waiting.Mail.Queue);
        Assert.Contains("unreachable", waiting.Events.Last(e => e.What == "retry").Why);

        await site.Clam.StartClamsmtpdAsync();
        await site.DeliveredAsync(clean, "clean");
        await site.QuarantinedAsync(infected, "virus_q");
    }

    [Fact]
    public async Task A_kept_connection_that_clamsmtpds_restart_broke_costs_no_mail()
    {
        await using var site = await AntivirusSite.StartAsync();
        await site.DeliveredAsync(await site.SendAsync(Messages.Clean("before")), "before");

        await site.Clam.StopClamsmtpdAsync();
        await site.Clam.StartClamsmtpdAsync();

        await site.DeliveredAsync(await site.SendAsync(Messages.Clean("behind")), "behind");
    }

    [Fact]
    public async Task A_mail_asleep_goes_on_after_the_server_was_stopped_and_started()
    {
        await using var site = await AntivirusSite.StartAsync();
        await site.Clam.StopClamdAsync();
        var clean = await site.SendAsync(Messages.Clean("clean"));
        var infected = await site.SendAsync(Messages.Clean("infected", ClamStack.Marker));
        await site.HappenedAsync(clean, "retry");
        await site.HappenedAsync(infected, "retry");

        Assert.Equal(0, await site.Server.StopAsync());
        await site.Clam.StartClamdAsync();
        await site.Server.StartAsync();

        await site.DeliveredAsync(clean, "clean");
        await site.QuarantinedAsync(infected, "virus_q");
    }

    [Fact]
    public async Task A_scanner_that_cannot_reach_the_receiver_loses_nothing()
    {
        var closed = FreePorts.Take(1)[0];
        await using var site = await AntivirusSite.StartAsync(s => new ClamStack(s.ServicePort, closed));
        var clean = await site.SendAsync(Messages.Clean("clean"));
        Assert.Equal("delegated", (await site.HappenedAsync(clean, "retry")).Mail.Queue);

        await site.Clam.StopClamsmtpdAsync();
        site.Clam.ReceiverPort = site.Site.ReceiverPort;
        await site.Clam.StartClamsmtpdAsync();

        await site.DeliveredAsync(clean, "clean");
    }

    [Fact]
    public async Task A_clamd_slower_than_clamsmtpds_time_out_is_asked_again()
    {
        await using var site = await AntivirusSite.StartAsync(s => new ClamStack(s) { TimeOut = 2 });
        site.Clam.FreezeClamd();
        var clean = await site.SendAsync(Messages.Clean("clean"));
        var waiting = await site.HappenedAsync(clean, "retry");
        Assert.Contains("451", waiting.Mail.Reason);
        Assert.Empty(site.Relay.Seen);

        site.Clam.ThawClamd();

        await site.DeliveredAsync(clean, "clean");
    }

    [Fact]
    public async Task A_clamd_slower_than_the_services_time_out_is_asked_again()
    {
        await using var site = await AntivirusSite.StartAsync(timeout: "2s");
        site.Clam.FreezeClamd();
        var clean = await site.SendAsync(Messages.Clean("clean"));
        Assert.Equal("delegated", (await site.HappenedAsync(clean, "retry")).Mail.Queue);
        Assert.Empty(site.Relay.Seen);

        site.Clam.ThawClamd();

        // What clamd says of the first attempt may still come back; whichever comes first resumes, and only that.
        await site.DeliveredAsync(clean, "clean");
    }

    [Fact]
    public async Task A_service_that_stays_away_gives_the_mail_to_the_operator_in_the_end()
    {
        await using var site = await AntivirusSite.StartAsync(
            serviceKeys: """proof: ["X-Virus-Scanned"], retry: #{ first: "100ms", max: "200ms", give_up: "1s" },""");
        await site.Clam.StopClamsmtpdAsync();
        var id = await site.SendAsync(Messages.Clean("given up"));

        var mail = await site.QuarantinedAsync(id, "delegation");

        Assert.StartsWith("failed", mail.Mail.Reason);
        Assert.Contains("unreachable", mail.Mail.Reason);
    }
}
