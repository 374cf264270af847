using Vsmtp.Contracts.Pace;

namespace Vsmtp.Grains.Pace;

/// <summary>Who has how much of a pace. The shares that are out are never more than there is to share, but for what was under way when it shrank.</summary>
/// <remarks>
/// All get what they want where there is enough. Where there is not, none gets more than another who wants more than he has; what cannot be
/// divided to all goes to who has been without for longest.
/// </remarks>
internal sealed class Shares(TimeSpan lease, TimeProvider time)
{
    private readonly Dictionary<string, Share> _shares = [];

    /// <summary>Somebody has one, or waits for one.</summary>
    public bool AreOut
    {
        get
        {
            LetGoOfTheLost();
            return _shares.Count > 0;
        }
    }

    /// <returns>How many mails the holder may have under way until it asks again.</returns>
    public int Lease(PaceReport report, int limit)
    {
        LetGoOfTheLost();
        if (report is { Wanted: 0, InUse: 0 })
        {
            _shares.Remove(report.Holder);
            return 0;
        }

        if (!_shares.TryGetValue(report.Holder, out var own)) _shares[report.Holder] = own = new Share();
        (own.Wanted, own.AskedAt) = (report.Wanted, time.GetTimestamp());
        var others = _shares.Values.Where(share => share != own).Sum(static share => share.Width);
        var width = Math.Clamp(FairWidthOf(own, limit), 0, Math.Max(0, limit - others));
        if (width > 0) own.ServedAt = time.GetTimestamp();
        own.Width = Math.Max(width, report.InUse);
        return width;
    }

    /// <summary>Hands out one by one, in an order that changes only where somebody would get nothing.</summary>
    private int FairWidthOf(Share own, int limit)
    {
        Share[] inTurn = limit < _shares.Count ? [.. _shares.Values.OrderBy(static share => share.ServedAt)] : [.. _shares.Values];
        foreach (var share in inTurn) share.Fair = 0;
        for (var left = limit; left > 0;)
        {
            var hungry = Array.FindAll(inTurn, static share => share.Fair < share.Wanted);
            if (hungry.Length == 0) break;
            foreach (var share in hungry.Take(left)) share.Fair++;
            left -= Math.Min(left, hungry.Length);
        }

        return own.Fair;
    }

    /// <summary>A process that does not ask again has ended.</summary>
    private void LetGoOfTheLost()
    {
        foreach (var (holder, share) in _shares)
            if (time.GetElapsedTime(share.AskedAt) >= lease) _shares.Remove(holder);
    }

    private sealed class Share
    {
        public int Wanted { get; set; }

        public int Width { get; set; }

        public long AskedAt { get; set; }

        /// <summary>When it was last given something; 0: never.</summary>
        public long ServedAt { get; set; }

        /// <summary>What it would get if all asked now.</summary>
        public int Fair { get; set; }
    }
}
