using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl;

/// <summary>One run: a directive, or a stage of them. Holds every counter; not for use by two threads at a time.</summary>
public sealed class ScriptRun
{
    public ScriptRun(Script script, object? state, BudgetLimits limits, TimeProvider time, CancellationToken cancellation = default)
    {
        Script = script;
        State = state;
        Time = time;
        Cancellation = cancellation;
        Budget = new Budget(limits, time, cancellation);
    }

    public Script Script { get; }

    public object? State { get; }

    public TimeProvider Time { get; }

    public CancellationToken Cancellation { get; }

    internal Budget Budget { get; }

    /// <summary>Calls a closure or function pointer of the script.</summary>
    /// <returns>Its value, or the error that escaped it, with its trace.</returns>
    public ValueTask<Completion> InvokeAsync(FunctionValue body, ReadOnlyMemory<Value> arguments = default) =>
        throw new NotImplementedException();
}
