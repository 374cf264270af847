namespace Vsmtp.Smtp.Wire;

/// <summary>A moment after which nobody waits any more; setting the clock does not move it.</summary>
internal readonly struct Deadline(TimeProvider time, TimeSpan limit)
{
    private readonly long _begin = time.GetTimestamp();

    /// <summary>By the time stamps of its clock.</summary>
    public long EndsAt => _begin + (long)(limit.TotalSeconds * time.TimestampFrequency);

    /// <summary>Never negative.</summary>
    public TimeSpan Left => limit - time.GetElapsedTime(_begin) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    public bool IsOver => Left == TimeSpan.Zero;

    public static Deadline Earlier(Deadline one, Deadline other) => one.Left < other.Left ? one : other;
}
