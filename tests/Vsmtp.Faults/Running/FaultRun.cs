using System.Diagnostics;
using System.Net;
using Vsmtp.EndToEnd.Tests.Killing;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Faults.Faults;
using Vsmtp.Faults.Ledgers;
using Vsmtp.Faults.Peers;
using Vsmtp.Faults.Sites;

namespace Vsmtp.Faults.Running;

/// <summary>One fault, done to one server through which mails go.</summary>
internal sealed class FaultRun : IAsyncDisposable
{
    private const int Clients = 4;
    private const int MostUnderWay = 20;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan OperatorPatience = TimeSpan.FromSeconds(5);

    private readonly Keeper _keeper;
    private readonly Exchanges? _exchanges;

    private FaultRun(Fault fault, FaultSize size, int seed, FaultSite site, Exchanges? exchanges)
    {
        _exchanges = exchanges;
        (Fault, Size, Site) = (fault, size, site);
        Seed = seed;
        Dice = new Dice(seed);
        Ledger = new Ledger(size.Mails, exchanges is null ? null : Exchanges.RecipientsOf);
        Scanner = new Scanner(site.Site, Ledger, Dice);
        Smarthost = new Smarthost(exchanges?.Places ?? [new IPEndPoint(IPAddress.Loopback, site.Site.RelayPort)], Ledger, Dice);
        _keeper = new Keeper(site, Ledger);
    }

    public Fault Fault { get; }

    public FaultSize Size { get; }

    public FaultSite Site { get; }

    public Ledger Ledger { get; }

    public int Seed { get; }

    public Dice Dice { get; }

    public Scanner Scanner { get; }

    public Smarthost Smarthost { get; }

    /// <summary>Does the fault in a site of its own and judges what became of the mails.</summary>
    /// <exception cref="Xunit.Sdk.XunitException">The server did not come to rest, or its store is not whole.</exception>
    public static async Task<FaultRow> RunAsync(Fault fault, StoreKind kind, WayOut way, FaultSize size, int seed)
    {
        var site = new TestSite(way is WayOut.Exchanges ? Exchanges.RulesOf(KilledMails.Rules) : KilledMails.Rules);
        site.WriteService(fault.ServiceKeys, fault.ServiceTimeout);
        var exchanges = way is WayOut.Exchanges ? await Exchanges.StartAsync(site) : null;
        FaultRun run;
        try
        {
            run = new FaultRun(fault, size, seed, await FaultSite.CreateAsync(kind, site), exchanges);
        }
        catch
        {
            if (exchanges is not null) await exchanges.DisposeAsync();
            throw;
        }

        await using (run) return await run.RunAsync();
    }

    /// <summary>Lets half of the mails of a round go, and waits until some of them are accepted.</summary>
    public async Task RoundAsync(int round, Random chance)
    {
        var share = Size.Mails / Size.Times;
        Ledger.Flow.Release((round * share) + (share / 2));
        var count = (round * share) + chance.Next(1, Math.Max(2, share / 2));
        await AcceptedAsync(count);
    }

    public Task AcceptedAsync(int count) =>
        Patience.UntilAsync(() => Ledger.Flow.Accepted.Length >= count, $"{count} mails accepted", () => Site.Said, Fault.PatienceSeconds);

    /// <summary>Waits until the way is almost clear of so many mails.</summary>
    public Task DrainsAsync(int sent) => Patience.UntilAsync(
        () => Ledger.Settled >= sent - MostUnderWay, $"at most {MostUnderWay} of {sent} mails under way", () => Site.Said, Fault.PatienceSeconds);

    /// <summary>Lets the other half go.</summary>
    public void Release(int round) => Ledger.Flow.Release((round + 1) * (Size.Mails / Size.Times));

    /// <summary>Waits until mails are accepted again; a server that needs it for that is started anew, as an operator would.</summary>
    public async Task GoesOnAsync()
    {
        var before = Ledger.Flow.Accepted.Length;
        var clock = Stopwatch.StartNew();
        while (Ledger.Flow.Accepted.Length == before && Ledger.Flow.HasMore)
        {
            if (clock.Elapsed > OperatorPatience)
            {
                foreach (var server in Site.Servers) await RestartAsync(server);
                clock.Restart();
            }

            await Task.Delay(Look);
        }
    }

    /// <summary>Whoever holds a server starts it himself.</summary>
    public Task<IDisposable> HoldAsync(ServerProcess server) => _keeper.HoldAsync(server);

    /// <summary>SIGKILL. What had a 250 must be in the store, the store must be whole, and what it says is open may be delivered again.</summary>
    public async Task KillAsync(ServerProcess server, string why)
    {
        var accepted = Ledger.Flow.Accepted;
        await server.KillAsync();
        await DiedAsync(why, accepted);
    }

    /// <summary>As after a kill.</summary>
    /// <param name="accepted">The mails that had their 250 before.</param>
    public async Task DiedAsync(string why, string[] accepted, long? since = null)
    {
        var now = Stopwatch.GetTimestamp();
        var left = await Site.SnapshotAsync();
        Assert.Equal("ok", left.Integrity);
        Assert.Empty(accepted.Except(left.QueueOf.Keys));      // design rule 1: 250 means durable
        left.AssertCountersAddUp();
        Ledger.Interrupted(why, since ?? now, left.Delivering);
    }

    public async Task KillWhileStartingAsync(ServerProcess server, TimeSpan after)
    {
        var starting = server.StartAsync();
        await Task.WhenAny(starting, Task.Delay(after));
        await KillAsync(server, "kill -9");
        try
        {
            await starting;
        }
        catch (InvalidOperationException)
        {
            // Killed before it was ready.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _keeper.DisposeAsync();
        await Scanner.DisposeAsync();
        await Smarthost.DisposeAsync();
        await Fault.DisposeAsync();                            // what it has mounted is in the site's folder
        await Site.DisposeAsync();
        if (_exchanges is not null) await _exchanges.DisposeAsync();
    }

    private async Task RestartAsync(ServerProcess server)
    {
        using var held = await HoldAsync(server);
        if (server.IsRunning) await server.StopAsync();
        await server.StartAsync();
        Ledger.Restarted();
    }

    private async Task<FaultRow> RunAsync()
    {
        await Fault.PrepareAsync(this);
        await _keeper.StartAsync();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var sending = Ledger.Flow.SendAsync(Site.Site.ClientPort, Clients, new KillSwitch(), giveUp.Token);
        string done;
        try
        {
            done = await Fault.InjectAsync(this);
            Ledger.Flow.Release(Size.Mails);
            await Patience.UntilAsync(() => sending.IsCompleted, "all mails accepted", () => Site.Said, Fault.PatienceSeconds);
            await sending;
        }
        finally
        {
            await giveUp.CancelAsync();
        }

        await MailFlow.RestsAsync(Site.Api, () => Site.Said, Fault.PatienceSeconds);
        var row = new Judge(Ledger, await Site.Api.ListAsync(queue: null), tellsSenders: _exchanges is not null).Say(Fault.Name, done);
        await EndAsync();
        return row;
    }

    /// <summary>The server can still be stopped in order, and its store is whole.</summary>
    private async Task EndAsync()
    {
        await _keeper.DisposeAsync();
        foreach (var server in Site.Servers) Assert.Equal(0, await server.StopAsync());
        var left = await Site.SnapshotAsync();
        Assert.Equal("ok", left.Integrity);
        if (Fault.KeepsHistory) left.AssertCountersAddUp();
    }
}
