namespace Vsmtp.Vsl;

/// <summary>How the top level of a script is evaluated.</summary>
public sealed record ScriptRunOptions
{
    public BudgetLimits Limits { get; init; } = BudgetLimits.Default;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Seen by native functions as <see cref="HostCall.State"/>; null while a rule set is loaded.</summary>
    public object? State { get; init; }
}
