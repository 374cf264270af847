using Vsmtp.Contracts.TlsPolicies;

namespace Vsmtp.Delivery.TlsPolicies;

/// <summary>What this process knows of one domain's policy. Changed by one renewal at a time, read by any number of deliveries.</summary>
internal sealed class StsDomain
{
    /// <summary>A policy that could not be had is not asked for again so soon (RFC 8461 §3.3).</summary>
    public static readonly TimeSpan FailurePause = TimeSpan.FromMinutes(5);

    /// <summary>So old a policy is fetched anew though it still holds (RFC 8461 §3.3: once a day).</summary>
    private static readonly TimeSpan RefreshAge = TimeSpan.FromDays(1);

    private volatile Knowledge _known = new(Policy: null, IsDurable: true, Pause: null);
    private volatile bool _isLoaded;

    /// <summary>What was kept before this process began has been looked up.</summary>
    public bool IsLoaded => _isLoaded;

    /// <summary>The policy that holds now; null when none does.</summary>
    public TlsPolicy? Live(DateTimeOffset now) => _known.Policy is { } policy && now < policy.EndsAt ? policy : null;

    /// <summary>A delivery cannot go on with what is known: DNS speaks of a policy that is not this one.</summary>
    public bool IsBehind(StsRecord? record, DateTimeOffset now) => record is not null && Live(now)?.RecordId != record.Id && !IsPaused(record, now);

    /// <summary>A delivery can go on, and the policy had better be fetched anew, or kept at last, meanwhile.</summary>
    public bool IsAgeing(StsRecord? record, DateTimeOffset now) =>
        record is not null && Live(now) is { } policy && !IsPaused(record, now)
        && (!_known.IsDurable || now - policy.FetchedAt >= RefreshAge || now - policy.FetchedAt >= policy.MaxAge / 2);

    /// <summary>Takes what was kept, unless something newer is known.</summary>
    public void Adopt(TlsPolicy? kept)
    {
        if (kept is not null && !(_known.Policy?.FetchedAt >= kept.FetchedAt)) _known = _known with { Policy = kept, IsDurable = true };
        _isLoaded = true;
    }

    /// <param name="isDurable">It is kept for the next process too.</param>
    public void Learn(TlsPolicy policy, bool isDurable) => _known = _known with { Policy = policy, IsDurable = isDurable };

    /// <summary>The policy of a record is not asked for again for a while.</summary>
    public void Pause(StsRecord record, DateTimeOffset now) => _known = _known with { Pause = new Waiting(record.Id, now) };

    // A clock that was set back pauses nothing for longer.
    private bool IsPaused(StsRecord record, DateTimeOffset now) =>
        _known.Pause is { } pause && pause.RecordId == record.Id && now >= pause.Since && now - pause.Since < FailurePause;

    private sealed record Knowledge(TlsPolicy? Policy, bool IsDurable, Waiting? Pause);

    private sealed record Waiting(string RecordId, DateTimeOffset Since);
}
