namespace Vsmtp.Embedded.Reminders;

/// <summary>A durable timer of a grain, as it is kept. Grain and name together name it.</summary>
/// <param name="GrainType">The grain's kind, as <c>GrainId.Type</c> prints it.</param>
/// <param name="GrainKey">The grain's key.</param>
/// <param name="Name">Unique within the grain.</param>
/// <param name="FirstTickAt">When it ticks first; all later ticks are whole periods after this.</param>
/// <param name="Period">At least one minute.</param>
public sealed record ReminderRecord(string GrainType, string GrainKey, string Name, DateTimeOffset FirstTickAt, TimeSpan Period);
