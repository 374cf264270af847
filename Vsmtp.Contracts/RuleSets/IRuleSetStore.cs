using System.Collections.Immutable;

namespace Vsmtp.Contracts.RuleSets;

/// <summary>The texts of a rule set, as they were when it was loaded.</summary>
/// <param name="Hash">SHA-256 over all files, lower-case hexadecimal: its name.</param>
/// <param name="MainPath">Which of the files is the main script.</param>
/// <param name="Files">Path and text of the main script, of every import and of every file that an object was read from.</param>
public sealed record StoredRuleSet(string Hash, string MainPath, ImmutableSortedDictionary<string, string> Files);

/// <summary>Keeps rule sets for as long as a mail sleeps under them (design rule 9).</summary>
public interface IRuleSetStore
{
    Task PutAsync(StoredRuleSet set, CancellationToken cancellationToken);

    /// <summary>Null: no such set.</summary>
    Task<StoredRuleSet?> FindAsync(string hash, CancellationToken cancellationToken);

    /// <summary>Hashes of the sets that mails in a queue name.</summary>
    Task<ImmutableArray<string>> ListInUseAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Hashes of the set that was put last and of those that were replaced less than <paramref name="age"/> ago: a process of the site may
    /// still accept mails under them.
    /// </summary>
    Task<ImmutableArray<string>> ListRecentAsync(TimeSpan age, CancellationToken cancellationToken);

    /// <summary>What mails in a queue name, with the directives at which they sleep; by an index, whatever their number.</summary>
    Task<ImmutableArray<RuleSetUse>> ListUsesAsync(CancellationToken cancellationToken);

    /// <summary>Ids in their order, at most <paramref name="limit"/> of them.</summary>
    Task<ImmutableArray<string>> ListSleepingAsync(SleepingMails which, int limit, CancellationToken cancellationToken);
}
