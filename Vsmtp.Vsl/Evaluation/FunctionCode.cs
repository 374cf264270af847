using System.Runtime.CompilerServices;

namespace Vsmtp.Vsl.Evaluation;

/// <summary>A compiled script function, closure or top level. Shared by all runs; the code is set once, when it is compiled.</summary>
internal sealed class FunctionCode(string name, int parameterCount, SourceSpan span, bool isClosure)
{
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

    public void Complete(Code body, int slotCount)
    {
        _body = body;
        SlotCount = slotCount;
    }

    /// <summary>Calls a function that never waits.</summary>
    public Completion Invoke(Frame frame, SourceSpan callSite)
    {
        if (Enter(frame.Budget, callSite) is { } error) return Completion.Fail(error);
        var result = _body.Sync!(frame);
        frame.Budget.Leave();
        return Finish(result, callSite);
    }

    public async ValueTask<Completion> InvokeAsync(Frame frame, SourceSpan callSite)
    {
        if (Enter(frame.Budget, callSite) is { } error) return Completion.Fail(error);
        var result = await _body.RunAsync(frame).ConfigureAwait(false);
        frame.Budget.Leave();
        return Finish(result, callSite);
    }

    public Frame NewFrame(ScriptRun run, ModuleInstance module, ReadOnlySpan<Value> arguments, Receiver? self = null)
    {
        var frame = new Frame(run, module, SlotCount) { Receiver = self };
        arguments.CopyTo(frame.Slots);
        return frame;
    }

    private static ScriptError? Enter(Budget budget, SourceSpan callSite)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            return budget.Fail("Too many calls inside each other", callSite);
        return budget.ChargeStep(callSite) ?? budget.Enter(callSite);
    }

    private Completion Finish(in Completion result, SourceSpan callSite)
    {
        if (result.Failure is { } failure && !IsTopLevel)
            return Completion.Fail(failure with { Trace = failure.Trace.Add(new CallTrace(Name, callSite)) });
        return result.Signal is null ? result : Completion.Of(result.Value);
    }
}
