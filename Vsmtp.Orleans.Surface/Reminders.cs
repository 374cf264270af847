namespace Orleans.Runtime;

/// <summary>A durable timer of a grain.</summary>
public interface IGrainReminder
{
    string ReminderName { get; }
}

/// <summary>When a reminder ticks.</summary>
public readonly struct TickStatus(DateTime firstTickTime, TimeSpan period, DateTime timeStamp) : IEquatable<TickStatus>
{
    /// <summary>In UTC, as all times here.</summary>
    public DateTime FirstTickTime { get; } = firstTickTime;

    public TimeSpan Period { get; } = period;

    public DateTime CurrentTickTime { get; } = timeStamp;

    public bool Equals(TickStatus other) =>
        FirstTickTime == other.FirstTickTime && Period == other.Period && CurrentTickTime == other.CurrentTickTime;

    public override bool Equals(object? obj) => obj is TickStatus other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(FirstTickTime, Period, CurrentTickTime);

    public static bool operator ==(TickStatus left, TickStatus right) => left.Equals(right);

    public static bool operator !=(TickStatus left, TickStatus right) => !left.Equals(right);
}
