using System.Collections.Immutable;

namespace Vsmtp.Contracts.Queues;

/// <summary>The index of what is to be woken when; the sweep over it is recovery too (design rule 8).</summary>
/// <remarks>An incarnation is one run of one process on the store. Whether another has ended is known to the store, not guessed from times.</remarks>
public interface IWakeUps
{
    /// <summary>
    /// Takes over every mail that an ended incarnation was busy with, and makes it due at once; never one of an incarnation that lives.
    /// Costs little when there is none, and any number of processes may do it at the same time.
    /// </summary>
    /// <returns>How many.</returns>
    Task<int> RecoverAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Takes mails that are due, longest due first, and moves their wake-up on by <paramref name="lease"/>, so that no other sweep
    /// takes them and a lost call is repeated. A mail that another living incarnation is busy with is left to the sweep of that one.
    /// </summary>
    Task<ImmutableArray<DueMail>> ClaimDueAsync(int limit, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>As far as <see cref="CountOverdueAsync"/> counts.</summary>
    const int MostCounted = 1000;

    /// <summary>How many mails have been due for longer than <paramref name="by"/> and were not claimed; <see cref="MostCounted"/> at most.</summary>
    Task<int> CountOverdueAsync(TimeSpan by, CancellationToken cancellationToken);
}
