using Vsmtp.Gateway.Authentication;

namespace Vsmtp.Gateway.Tests.Authentication;

public sealed class KeyWorkersTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly KeyWorkers _workers = new(2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _workers.Dispose();

    [Fact]
    public async Task So_many_derive_at_once_and_no_more_and_all_get_their_turn()
    {
        var (running, most) = (0, 0);
        using var gate = new SemaphoreSlim(0);
        var all = Enumerable.Range(0, 10).Select(i => _workers.RunAsync(() => Derive(i), Token)).ToArray();
        Assert.Equal(2, _workers.Turns);
        for (var through = 1; through <= all.Length; through++)
        {
            gate.Release();
            // One ends, and its place is another's.
            Assert.True(SpinWait.SpinUntil(() => _workers.Turns >= Math.Min(through + 2, all.Length), Patience));
            Assert.Equal(Math.Min(through + 2, all.Length), _workers.Turns);
        }

        Assert.Equal(Enumerable.Range(0, 10), await Task.WhenAll(all).WaitAsync(Patience, Token));
        Assert.InRange(most, 1, 2);

        int Derive(int i)
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            gate.Wait(Patience, Token);
            Interlocked.Decrement(ref running);
            return i;
        }
    }

    [Fact]
    public async Task Who_asks_can_go_on_while_it_derives()
    {
        using var gate = new ManualResetEventSlim();
        var deriving = _workers.RunAsync(() => gate.Wait(Patience), Token);
        gate.Set();
        Assert.True(await deriving);
    }

    [Fact]
    public async Task Who_gives_up_while_it_waits_derives_nothing_and_keeps_nobodys_place()
    {
        using var gate = new ManualResetEventSlim();
        using var goes = new CancellationTokenSource();
        var held = Enumerable.Range(0, 2).Select(_ => _workers.RunAsync(() => gate.Wait(Patience), Token)).ToArray();
        var waiting = Enumerable.Range(0, 5).Select(_ => _workers.RunAsync(() => true, goes.Token)).ToArray();
        await goes.CancelAsync();
        foreach (var one in waiting) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        gate.Set();
        Assert.All(await Task.WhenAll(held), Assert.True);
        Assert.Equal(2, _workers.Turns);
        Assert.True(await _workers.RunAsync(() => true, Token).WaitAsync(Patience, Token));
    }

    [Fact]
    public async Task A_fault_gives_the_place_back()
    {
        for (var i = 0; i < 5; i++)
            await Assert.ThrowsAsync<InvalidOperationException>(() => _workers.RunAsync<bool>(() => throw new InvalidOperationException(), Token));
        Assert.True(await _workers.RunAsync(() => true, Token).WaitAsync(Patience, Token));
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (var known = Volatile.Read(ref most); now > known;)
        {
            var before = Interlocked.CompareExchange(ref most, now, known);
            if (before == known) return;
            known = before;
        }
    }
}
