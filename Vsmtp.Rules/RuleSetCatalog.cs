using System.Collections.Immutable;
using Vsmtp.Mail.Delegation;
using Vsmtp.Rules.Loading;

namespace Vsmtp.Rules;

/// <summary>The rule set of the site and, by their hashes, those under which mails still sleep (design rule 9). Thread-safe.</summary>
/// <remarks>
/// Earlier sets cost little: of all that are in use the services are kept, for their receivers are open; compiled are those that were
/// wanted last, and any other is compiled again from the archive when a mail wakes under it.
/// </remarks>
public sealed class RuleSetCatalog(RuleSet current, RuleSetOptions options, IRuleSetArchive archive)
{
    /// <summary>Earlier sets that are kept compiled.</summary>
    internal const int MostCompiled = 32;

    /// <summary>How long an earlier set is known after its last use: a session that began under it may still bring a mail.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, EarlierRuleSet> _earlier = [];
    private readonly List<WeakReference<RuleSet>> _replaced = [];
    private RuleSet _current = current;
    private long _uses;

    /// <summary>For mails that come in now. Another one after <see cref="Replace"/>; who goes on with what he got is right too.</summary>
    public RuleSet Current => Volatile.Read(ref _current);

    /// <summary>All services of the present set and of the earlier ones that are in use: their receivers are open.</summary>
    public ImmutableArray<SmtpServiceSettings> Services
    {
        get
        {
            lock (_gate) return [.. _current.Services.Values, .. _earlier.Values.SelectMany(set => set.Services ?? [])];
        }
    }

    /// <summary>Sets that were the present one in this process and that somebody, such as a session that began under it, still holds.</summary>
    public ImmutableArray<RuleSet> StillHeld
    {
        get
        {
            lock (_gate)
            {
                return [.. _replaced.Select(set => set.TryGetTarget(out var held) ? held : null).OfType<RuleSet>().Where(set => set != _current)];
            }
        }
    }

    /// <summary>How many earlier sets are known.</summary>
    internal int EarlierCount
    {
        get
        {
            lock (_gate) return _earlier.Count;
        }
    }

    /// <summary>Makes another set the present one. The one before stays known for as long as it is in use.</summary>
    public void Replace(RuleSet next)
    {
        lock (_gate)
        {
            var before = _current;
            if (before.Hash == next.Hash) return;
            _earlier.Remove(next.Hash);
            var earlier = Use(before.Hash);
            (earlier.Services, earlier.Compiled) = ([.. before.Services.Values], Task.FromResult<RuleSet?>(before));
            _replaced.RemoveAll(set => !set.TryGetTarget(out _));
            _replaced.Add(new WeakReference<RuleSet>(before));
            Volatile.Write(ref _current, next);
            LetGoCompiled();
            before.Retire();
        }
    }

    /// <summary>Null: the archive has no such set, or this program refuses it; the mail is to be parked where an operator sees it.</summary>
    public async ValueTask<RuleSet?> FindAsync(string hash, CancellationToken cancellationToken)
    {
        Task<RuleSet?> compiled;
        lock (_gate)
        {
            if (_current.Hash == hash) return _current;
            var set = Use(hash);
            // A fault was the archive's, and an absent set may be put there yet: asked again.
            if (set.Compiled is null or { IsFaulted: true } or { IsCanceled: true }) set.Compiled = LoadAsync(hash);
            compiled = set.Compiled;
            LetGoCompiled();
        }

        return await compiled.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Knows of all these sets, so that their receivers are open, and forgets those that nobody has wanted for some time.</summary>
    /// <param name="inUse">The hashes of all sets that a mail sleeps under.</param>
    /// <returns>Those of them that cannot be had: the mails are parked as they wake.</returns>
    public async Task<ImmutableArray<string>> KeepAsync(IEnumerable<string> inUse, CancellationToken cancellationToken)
    {
        var refused = ImmutableArray.CreateBuilder<string>();
        foreach (var hash in inUse)
        {
            if (!IsKnown(hash) && await FindAsync(hash, cancellationToken).ConfigureAwait(false) is null) refused.Add(hash);
        }

        lock (_gate)
        {
            var cutoff = options.Time.GetUtcNow() - Patience;
            foreach (var hash in _earlier.Where(set => set.Value.UsedAt < cutoff).Select(set => set.Key).ToList()) _earlier.Remove(hash);
        }

        return refused.ToImmutable();
    }

    private bool IsKnown(string hash)
    {
        lock (_gate)
        {
            if (_current.Hash == hash) return true;
            if (_earlier.GetValueOrDefault(hash) is not { Services: not null } set) return false;
            set.UsedAt = options.Time.GetUtcNow();
            return true;
        }
    }

    private EarlierRuleSet Use(string hash)
    {
        if (!_earlier.TryGetValue(hash, out var set)) _earlier.Add(hash, set = new EarlierRuleSet());
        (set.UsedAt, set.Use) = (options.Time.GetUtcNow(), ++_uses);
        return set;
    }

    private void LetGoCompiled()
    {
        var compiled = _earlier.Values.Where(set => set.Compiled is { IsCompleted: true });
        foreach (var set in compiled.OrderByDescending(set => set.Use).Skip(MostCompiled).ToList()) set.Compiled = null;
    }

    private async Task<RuleSet?> LoadAsync(string hash)
    {
        // Compiling takes long, and the caller has the gate.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var archived = await archive.FindAsync(hash, CancellationToken.None).ConfigureAwait(false);
        var set = archived is null ? null : (await RuleSetLoader
            .LoadAsync(archived.MainPath, archived.Files, options, CancellationToken.None).ConfigureAwait(false)).Set;
        // An earlier set from its beginning: a few mails wake under it, now and then.
        set?.Retire();
        lock (_gate)
        {
            if (_earlier.TryGetValue(hash, out var earlier))
            {
                if (set is not null) earlier.Services = [.. set.Services.Values];
                else if (archived is null) earlier.Compiled = null;
            }
        }

        return set;
    }
}
