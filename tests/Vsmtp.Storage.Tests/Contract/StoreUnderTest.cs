using Orleans.Storage;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Queues;
using Vsmtp.Contracts.RuleSets;

namespace Vsmtp.Storage.Tests.Contract;

/// <summary>A real store that a contract runs against; empty at first.</summary>
public abstract class StoreUnderTest : IAsyncDisposable
{
    public ManualTime Time { get; } = new();

    /// <summary>Of the store that is open now.</summary>
    public abstract StoreIncarnation Incarnation { get; }

    public abstract IGrainStorage GrainStates { get; }

    public abstract IContentStore Contents { get; }

    public abstract IMailQueries Queries { get; }

    public abstract IWakeUps WakeUps { get; }

    public abstract IRuleSetStore RuleSets { get; }

    /// <summary>Opens it, with options of the test's own.</summary>
    public abstract Task OpenAsync(Func<StoreOptions, StoreOptions>? change = null);

    /// <summary>Ends this incarnation cleanly and begins the next on the same data.</summary>
    public abstract Task RestartAsync();

    public abstract Task<int> CollectAsync();

    /// <summary>How many bytes of contents the store holds, staged or named.</summary>
    public abstract Task<long> CountContentBytesAsync();

    /// <summary>How many mails it has in each queue, by counting rows; ended ones left out.</summary>
    public abstract Task<SortedDictionary<string, long>> CountRowsAsync();

    public abstract ValueTask DisposeAsync();
}
