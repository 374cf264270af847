namespace Vsmtp.Storage;

/// <summary>How times are kept: microseconds since 1970 UTC, as PostgreSQL can keep them too.</summary>
internal static class Timestamp
{
    public static long Floor(DateTimeOffset time) => Ticks(time) is var ticks && ticks >= 0
        ? ticks / TimeSpan.TicksPerMicrosecond
        : -Up(-ticks);

    /// <summary>For what is to happen not before a time: a sweep that came a tick early would find nothing due.</summary>
    public static long Ceiling(DateTimeOffset time) => Ticks(time) is var ticks && ticks >= 0
        ? Up(ticks)
        : -(-ticks / TimeSpan.TicksPerMicrosecond);

    public static DateTimeOffset Read(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    private static long Up(long ticks) => (ticks + TimeSpan.TicksPerMicrosecond - 1) / TimeSpan.TicksPerMicrosecond;

    private static long Ticks(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks;
}
