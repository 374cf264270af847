using System.Collections.Immutable;
using System.Reflection;
using Orleans;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Queues;
using Vsmtp.Grains.Mail;
using Vsmtp.Grains.WakeUps;

namespace Vsmtp.Grains.Tests;

/// <summary>A flood of mails that are due.</summary>
public sealed class MailWakerTests
{
    private const int Due = 500;

    [Fact]
    public async Task Of_a_flood_so_many_are_awake_at_once_and_no_more_and_all_are_woken_once()
    {
        await using var silo = await TestSilo.StartAsync("#{}");
        var flood = new Flood();
        using var waker = silo.Waker(flood, flood);

        var waking = waker.WakeAsync(Due, TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        await flood.Crowd;
        Assert.False(waking.IsCompleted);
        Assert.Equal(MailWaker.Width, flood.Awake);
        flood.LetGo();

        Assert.Equal(Due, await waking);
        await waker.DrainAsync();
        Assert.Equal(MailWaker.Width, flood.Most);
        Assert.Equal(Due, flood.Woken.Distinct().Count());
        Assert.Equal(Due, flood.Woken.Count);
    }

    [Fact]
    public async Task One_that_cannot_go_on_keeps_no_other_asleep()
    {
        await using var silo = await TestSilo.StartAsync("#{}");
        var flood = new Flood { Fails = id => id == "m-3" };
        flood.LetGo();
        using var waker = silo.Waker(flood, flood);

        Assert.Equal(Due, await waker.WakeAsync(Due, TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken));
        await waker.DrainAsync();

        Assert.Equal(Due, flood.Woken.Count);
    }

    [Fact]
    public async Task None_is_woken_while_half_of_the_rules_that_may_run_do()
    {
        await using var silo = await TestSilo.StartAsync("#{}", grainOptions: new MailGrainOptions { Node = "test", MaxRunning = 4 });
        var flood = new Flood();
        flood.LetGo();
        using var waker = silo.Waker(flood, flood);
        var (one, two) = (silo.Load.Run(), silo.Load.Run());

        var waking = waker.WakeAsync(Due, TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.False(waking.IsCompleted);
        Assert.Empty(flood.Woken);
        one.Dispose();
        Assert.Equal(Due, await waking);
        await waker.DrainAsync();

        Assert.Equal(Due, flood.Woken.Count);
        two.Dispose();
    }

    /// <summary>Mails that are all due, and stay awake until they are let go.</summary>
    private sealed class Flood : IWakeUps, IGrainFactory
    {
        private readonly TaskCompletionSource _crowd = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _gate = new();

        /// <summary>Complete when as many are awake as may be.</summary>
        public Task Crowd => _crowd.Task;

        public int Awake { get; private set; }

        public int Most { get; private set; }

        public List<string> Woken { get; } = [];

        public Func<string, bool> Fails { get; init; } = _ => false;

        public void LetGo() => _go.SetResult();

        public Task<ImmutableArray<DueMail>> ClaimDueAsync(int limit, TimeSpan lease, CancellationToken cancellationToken) =>
            Task.FromResult(Enumerable.Range(0, limit).Select(number => new DueMail($"m-{number}", "1", BusyBy: null)).ToImmutableArray());

        public Task<int> RecoverAsync(CancellationToken cancellationToken) => Task.FromResult(0);

        public Task<int> CountOverdueAsync(TimeSpan by, CancellationToken cancellationToken) => Task.FromResult(0);

        public T GetGrain<T>(string primaryKey, string? grainClassNamePrefix = null)
            where T : IGrainWithStringKey
        {
            var mail = DispatchProxy.Create<IMailGrain, Mail>();
            ((Mail)(object)mail).Advance = () => AdvanceAsync(primaryKey);
            return (T)mail;
        }

        public T GetGrain<T>(Guid primaryKey, string? grainClassNamePrefix = null)
            where T : IGrainWithGuidKey => throw new NotSupportedException("Mails have text for keys.");

        public T GetGrain<T>(long primaryKey, string? grainClassNamePrefix = null)
            where T : IGrainWithIntegerKey => throw new NotSupportedException("Mails have text for keys.");

        private async Task AdvanceAsync(string id)
        {
            lock (_gate)
            {
                Woken.Add(id);
                Most = Math.Max(Most, ++Awake);
                if (Awake == MailWaker.Width) _crowd.TrySetResult();
            }

            await _go.Task;
            lock (_gate) Awake--;
            if (Fails(id)) throw new TimeoutException("It takes too long.");
        }
    }

    /// <summary>A mail of which only one method is called.</summary>
    public class Mail : DispatchProxy
    {
        public Func<Task> Advance { get; set; } = () => Task.CompletedTask;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod?.Name == nameof(IMailGrain.Advance) ? Advance() : throw new NotSupportedException(targetMethod?.Name);
    }
}
