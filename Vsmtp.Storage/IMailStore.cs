using Orleans.Storage;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Queues;
using Vsmtp.Contracts.RuleSets;
using Vsmtp.Contracts.Stores;

namespace Vsmtp.Storage;

/// <summary>An open store, in whichever database.</summary>
public interface IMailStore : IAsyncDisposable
{
    /// <summary>Mails and the states of other grains.</summary>
    IGrainStorage GrainStates { get; }

    IContentStore Contents { get; }

    IMailQueries Queries { get; }

    IWakeUps WakeUps { get; }

    IRuleSetStore RuleSets { get; }

    /// <summary>What it can do now.</summary>
    IStoreHealth Health { get; }

    /// <summary>Sees to its health; to be called several times a second.</summary>
    Task LookAfterAsync(CancellationToken cancellationToken);

    /// <summary>Goes over the store once and takes away what has served its time.</summary>
    /// <returns>How many contents, mails and rule sets went.</returns>
    Task<int> CollectAsync(CancellationToken cancellationToken);
}
