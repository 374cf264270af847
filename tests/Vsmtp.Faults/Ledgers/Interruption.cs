namespace Vsmtp.Faults.Ledgers;

/// <summary>A time in which the server could not note what became of a delivery, so that it had to be made again.</summary>
/// <param name="From">By the monotonic clock, as <paramref name="To"/>.</param>
/// <param name="Delivering">The mails whose deliveries were open when it was over; null: not known.</param>
internal sealed record Interruption(string Why, long From, long To, IReadOnlySet<string>? Delivering)
{
    /// <summary>A delivery that began before its end had to be made again after its begin.</summary>
    public bool Explains(Arrival first, Arrival again) =>
        first.Since <= To && again.At >= From && (Delivering is null || Delivering.Contains(first.Id));
}
