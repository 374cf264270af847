using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl.Values;

/// <summary>What stands in the place of a value when a piece of script ended without one; no script ever sees it.</summary>
/// <param name="failure">Null: it ended with the <paramref name="signal"/>, and <paramref name="value"/> goes with it.</param>
internal sealed class Abnormal(ScriptError? failure, Signal? signal, Value value) : ValueContent((ValueKind)byte.MaxValue)
{
    public ScriptError? Failure { get; } = failure;

    public Signal? Signal { get; } = signal;

    public Value Value { get; } = value;
}
