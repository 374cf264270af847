namespace Vsmtp.Rules;

/// <summary>Where the texts of earlier rule sets are kept.</summary>
public interface IRuleSetArchive
{
    /// <summary>Null: no such set.</summary>
    Task<ArchivedRuleSet?> FindAsync(string hash, CancellationToken cancellationToken);
}

/// <summary>What a set is loaded from again.</summary>
/// <param name="MainPath">As in <see cref="RuleSet.MainPath"/>.</param>
/// <param name="Files">As in <see cref="RuleSet.Files"/>.</param>
public sealed record ArchivedRuleSet(string MainPath, IReadOnlyDictionary<string, string> Files);
