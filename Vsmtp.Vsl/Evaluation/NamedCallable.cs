using Vsmtp.Vsl.Library;

namespace Vsmtp.Vsl.Evaluation;

/// <summary>
/// A function pointer made from a name: <c>Fn("double")</c>, or <c>list.map("double")</c>. Looked up when it is called.
/// </summary>
internal sealed class NamedCallable(string name, ModuleInstance module, SourceSpan span) : ICallable
{
    public int ParameterCount
    {
        get
        {
            var counts = module.Code.Functions.Keys.Where(k => k.Name == name).Select(k => k.ParameterCount).ToList();
            return counts.Count == 1 ? counts[0] : -1;
        }
    }

    public bool IsClosure => false;

    public bool UsesThis => true;

    public SourceSpan Span => span;

    public ValueTask<Completion> InvokeAsync(ScriptRun run, Receiver? self, Value[] arguments, SourceSpan callSite)
    {
        if (module.Code.Functions.TryGetValue((name, arguments.Length), out var code))
            return new ScriptCallable(code, module).InvokeAsync(run, self, arguments, callSite);
        if (run.Script.Host.Root.Find(name, arguments.Length) is { } overloads)
            return overloads.InvokeAsync(new Caller(run, module, new Site(callSite)), arguments);
        return new(EngineError.FunctionNotFound(name, arguments, callSite));
    }
}
