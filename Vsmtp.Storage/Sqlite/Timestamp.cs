namespace Vsmtp.Storage.Sqlite;

/// <summary>How times are kept: microseconds since 1970 UTC, as PostgreSQL can keep them too.</summary>
internal static class Timestamp
{
    public static long Floor(DateTimeOffset time) => Math.DivRem(Ticks(time), TimeSpan.TicksPerMicrosecond) is var (whole, rest) && rest < 0 ? whole - 1 : whole;

    /// <summary>For what is to happen not before a time: a sweep that came a tick early would find nothing due.</summary>
    public static long Ceiling(DateTimeOffset time) => -Floor(DateTimeOffset.UnixEpoch - (time - DateTimeOffset.UnixEpoch));

    public static DateTimeOffset Read(long microseconds) => DateTimeOffset.UnixEpoch.AddMicroseconds(microseconds);

    private static long Ticks(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks;
}
