using Vsmtp.Mail.Delegation;

namespace Vsmtp.Delivery.Retries;

/// <summary>When what failed for now is tried again: pauses that double up to a bound, each shortened by up to a quarter at random,
/// so that mails which failed together do not come back together.</summary>
/// <param name="First">The first pause.</param>
/// <param name="Max">The longest pause.</param>
/// <param name="GiveUp">Age from which on there is no further attempt.</param>
/// <param name="MaxAttempts">Attempts after which there is no further one; null: no such bound.</param>
public sealed record RetrySchedule(TimeSpan First, TimeSpan Max, TimeSpan GiveUp, int? MaxAttempts = null)
{
    private const double Jitter = 0.25;

    /// <summary>The schedule of delivery.</summary>
    public static RetrySchedule Of(DeliveryOptions options) =>
        new(options.RetryFirst, options.RetryMax, options.RetryGiveUp, options.RetryMaxAttempts);

    /// <summary>The schedule of a service that cannot take a mail.</summary>
    public static RetrySchedule Of(DelegationRetry retry) => new(retry.First, retry.Max, retry.GiveUp);

    /// <summary>How long to wait after an attempt that failed for now; null: give up.</summary>
    /// <param name="attempts">Attempts made so far, from 1.</param>
    /// <param name="age">Since the first attempt began.</param>
    /// <param name="random">From 0 to 1, 1 excluded: where within its spread the pause lies.</param>
    public TimeSpan? NextPause(int attempts, TimeSpan age, double random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 1);
        if (age >= GiveUp || attempts >= MaxAttempts) return null;
        var doubled = First.TotalMilliseconds * Math.Pow(2, Math.Min(attempts - 1, 64));
        return TimeSpan.FromMilliseconds(Math.Min(doubled, Max.TotalMilliseconds) * (1 - (Jitter * random)));
    }
}
