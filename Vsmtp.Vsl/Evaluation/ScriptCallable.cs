namespace Vsmtp.Vsl.Evaluation;

/// <summary>A closure, or a script function, together with the module instance in which it runs.</summary>
internal sealed class ScriptCallable(FunctionCode code, ModuleInstance module) : ICallable
{
    public int ParameterCount => code.ParameterCount;

    public bool IsClosure => code.IsClosure;

    public bool UsesThis => code.UsesThis;

    public SourceSpan Span => code.Span;

    public ValueTask<Completion> InvokeAsync(ScriptRun run, Receiver? self, Value[] arguments, SourceSpan callSite)
    {
        if (arguments.Length != code.ParameterCount)
            return new(EngineError.FunctionNotFound(code.Name, arguments, callSite));
        var frame = code.NewFrame(run, module, arguments, self);
        return code.MayWait ? code.InvokeAsync(frame, callSite) : new(code.Invoke(frame, callSite));
    }
}
