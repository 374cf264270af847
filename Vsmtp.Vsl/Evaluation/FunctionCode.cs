using System.Runtime.CompilerServices;

namespace Vsmtp.Vsl.Evaluation;

/// <summary>
/// A compiled script function, closure or top level. Shared by all runs; the code is set once, when it is compiled.
/// </summary>
internal sealed class FunctionCode(string name, int parameterCount, SourceSpan span, bool isClosure)
{
    /// <summary>Functions of so few nodes inside each other take so little stack that a few calls of them are looked at together.</summary>
    private const int MaxSmallNesting = 24;
    private const int SmallCallsPerLook = 8;

    private Code _body;

    public string Name { get; } = name;

    public int ParameterCount { get; } = parameterCount;

    public SourceSpan Span { get; } = span;

    public bool IsClosure { get; } = isClosure;

    public int SlotCount { get; private set; }

    /// <summary>Known before the code is: set by the binder over all functions at once.</summary>
    public bool MayWait { get; set; }

    /// <summary>A top level is called by nobody, so it leaves no trace.</summary>
    public bool IsTopLevel { get; init; }

    public bool UsesThis { get; set; }

    /// <summary>Nodes of the source inside each other, those around the function included.</summary>
    public int Nesting { get; set; }

    public void Complete(Code body, int slotCount)
    {
        _body = body;
        SlotCount = slotCount;
    }

    /// <summary>Calls a function that never waits.</summary>
    /// <param name="frame">From <see cref="NewFrame(Frame, ModuleInstance)"/>, with the arguments in its first slots.</param>
    public Completion Invoke(Frame frame, in SourceSpan callSite)
    {
        var budget = frame.Budget;
        if ((Nesting > MaxSmallNesting || !budget.TryEnter(SmallCallsPerLook)) && Enter(budget, callSite) is { } error)
            return Completion.Fail(error);
        var result = _body.Sync!(frame);
        budget.Leave();
        return result.IsValue ? result : Finish(result, callSite);
    }

    public async ValueTask<Completion> InvokeAsync(Frame frame, SourceSpan callSite)
    {
        if (Enter(frame.Budget, callSite) is { } error) return Completion.Fail(error);
        var result = await _body.RunAsync(frame).ConfigureAwait(false);
        frame.Budget.Leave();
        return Finish(result, callSite);
    }

    /// <summary>The frame for a call; another one must not be asked for before this call has begun.</summary>
    public Frame NewFrame(Frame caller, ModuleInstance module)
    {
        var frame = caller.Next;
        // In a run a function has but one module, so that of a frame that has served it before is right.
        if (!ReferenceEquals(frame.ReadyFor, this)) frame.Begin(this, module, receiver: null);
        return frame;
    }

    /// <inheritdoc cref="NewFrame(Frame, ModuleInstance)"/>
    public Frame NewFrame(ScriptRun run, ModuleInstance module, ReadOnlySpan<Value> arguments, Receiver? self = null)
    {
        var frame = run.Frames.Current;
        frame.Begin(this, module, self);
        arguments.CopyTo(frame.Slots);
        return frame;
    }

    private ScriptError? Enter(Budget budget, in SourceSpan callSite)
    {
        var looks = (budget.Depth & (SmallCallsPerLook - 1)) == 0 || Nesting > MaxSmallNesting;
        return looks && !RuntimeHelpers.TryEnsureSufficientExecutionStack()
            ? budget.Fail("Too many calls inside each other", callSite)
            : budget.ChargeStep(callSite) ?? budget.Enter(callSite);
    }

    private Completion Finish(Completion result, in SourceSpan callSite)
    {
        if (result.Failure is { } failure && !IsTopLevel)
            return Completion.Fail(failure with { Trace = failure.Trace.Add(new CallTrace(Name, callSite)) });
        return result.Signal is null ? result : Completion.Of(result.Value);
    }
}
