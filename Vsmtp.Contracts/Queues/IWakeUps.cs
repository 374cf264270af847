using System.Collections.Immutable;

namespace Vsmtp.Contracts.Queues;

/// <summary>The index of what is to be woken when; the sweep over it is recovery too (design rule 8).</summary>
public interface IWakeUps
{
    /// <summary>Makes due at once every mail that another, ended process was busy with. Only while no other process runs.</summary>
    Task<int> RecoverAsync(CancellationToken cancellationToken);

    /// <summary>Takes mails that are due, longest due first, and moves their wake-up on by <paramref name="lease"/>, so that no other sweep takes them and a lost call is repeated.</summary>
    Task<ImmutableArray<string>> ClaimDueAsync(int limit, TimeSpan lease, CancellationToken cancellationToken);
}
