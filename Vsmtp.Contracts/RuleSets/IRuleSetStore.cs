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
}
