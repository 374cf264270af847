using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary>A call of a script function, resolved.</summary>
/// <param name="module">Index of the function's module; -1 for the own one.</param>
internal sealed class ScriptCall(FunctionCode function, int module, Node[] arguments, SourceSpan span) : Node(span)
{
    public override Code Compile()
    {
        var codes = Array.ConvertAll(arguments, a => a.Compile());
        return function.MayWait
            ? Combine.ThenAsync(codes, (frame, values) => function.InvokeAsync(NewFrame(frame, values), Span))
            : Combine.Then(codes, (frame, values) => function.Invoke(NewFrame(frame, values), Span));
    }

    private Frame NewFrame(Frame caller, Value[] arguments) =>
        function.NewFrame(caller.Run, module < 0 ? caller.Module : caller.Module.Script.Modules[module], arguments);
}
