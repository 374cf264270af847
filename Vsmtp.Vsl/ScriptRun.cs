using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl;

/// <summary>One run: a directive, or a stage of them. Holds every counter; not for use by two threads at a time.</summary>
public sealed class ScriptRun
{
    public ScriptRun(
        Script script, object? state, BudgetLimits limits, TimeProvider time, CancellationToken cancellation = default)
    {
        Script = script;
        State = state;
        Time = time;
        Cancellation = cancellation;
        Budget = new Budget(limits, time, cancellation);
        Frames = new FrameStack(this);
    }

    public Script Script { get; }

    public object? State { get; }

    public TimeProvider Time { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>Null: nobody watches.</summary>
    public IScriptObserver? Observer { get; init; }

    internal Budget Budget { get; }

    internal FrameStack Frames { get; }

    /// <summary>Calls a closure or function pointer of the script.</summary>
    /// <returns>Its value, or the error that escaped it, with its trace.</returns>
    public async ValueTask<Completion> InvokeAsync(FunctionValue body, ReadOnlyMemory<Value> arguments = default)
    {
        Value[] all = [.. body.Bound, .. arguments.Span];
        foreach (var argument in all) argument.Share();
        var result = await body.Callable.InvokeAsync(this, null, all, body.Span).ConfigureAwait(false);
        result.Value.Share();
        return result;
    }
}
