namespace Vsmtp.Contracts.Mail;

/// <summary>What a grain says to an operator's wish.</summary>
/// <param name="IsDone">False: nothing changed.</param>
/// <param name="Text">What was done, or why not, for the operator to read.</param>
[GenerateSerializer, Immutable, Alias("vsmtp.operator-answer")]
public sealed record OperatorAnswer([property: Id(0)] bool IsDone, [property: Id(1)] string Text);
