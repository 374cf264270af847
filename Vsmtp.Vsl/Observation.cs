namespace Vsmtp.Vsl;

/// <summary>A value that decided where a script went, or went into one that did.</summary>
/// <param name="Span">Of the expression that gave it.</param>
/// <param name="Value">Its debug text, cut off when long.</param>
/// <param name="IsCondition">The whole condition, or what a switch switches on; else a call within one.</param>
public sealed record Observation(SourceSpan Span, string Value, bool IsCondition);
