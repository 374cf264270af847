using System.Collections.Concurrent;

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

/// <summary>The rule set of the site and, by their hashes, those under which mails still sleep (design rule 9). Thread-safe.</summary>
public sealed class RuleSetCatalog(RuleSet current, RuleSetOptions options, IRuleSetArchive archive)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<RuleSet?>>> _pinned = new();

    /// <summary>For mails that come in now.</summary>
    public RuleSet Current { get; } = current;

    /// <summary>The present set and every earlier one that was asked for: their receivers are open.</summary>
    public IEnumerable<RuleSet> Loaded => _pinned.Values
        .Where(set => set is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true, Result: not null } })
        .Select(set => set.Value.Result!)
        .Prepend(Current);

    /// <summary>Null: the archive has no such set, or this program refuses it; the mail is to be parked where an operator sees it.</summary>
    public async ValueTask<RuleSet?> FindAsync(string hash, CancellationToken cancellationToken)
    {
        if (hash == Current.Hash) return Current;
        var entry = _pinned.GetOrAdd(hash, key => new Lazy<Task<RuleSet?>>(() => LoadAsync(key)));
        try
        {
            return await entry.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _pinned.TryRemove(KeyValuePair.Create(hash, entry));   // the archive could not be read now; the next call tries again
            throw;
        }
    }

    private async Task<RuleSet?> LoadAsync(string hash)
    {
        if (await archive.FindAsync(hash, CancellationToken.None).ConfigureAwait(false) is not { } archived) return null;
        var result = await RuleSetLoader.LoadAsync(archived.MainPath, archived.Files, options, CancellationToken.None).ConfigureAwait(false);
        return result.Set;
    }
}
