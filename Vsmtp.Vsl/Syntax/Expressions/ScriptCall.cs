using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary>A call of a script function, resolved.</summary>
/// <param name="module">Index of the function's module; -1 for the own one.</param>
internal sealed class ScriptCall(FunctionCode function, int module, Node[] arguments, SourceSpan span) : Node(span)
{
    public override Code Compile()
    {
        var codes = Array.ConvertAll(arguments, a => a.Compile());
        if (function.MayWait)
            return Combine.ThenAsync(codes, (frame, values) => function.InvokeAsync(NewFrame(frame, values), Span));
        return codes switch
        {
            [] => Code.Of(frame => function.Invoke(NewFrame(frame), Span)),
            [{ Sync: { } only }] => One(only),
            [{ Sync: { } first }, { Sync: { } second }] => Two(first, second),
            _ => Combine.Then(codes, (frame, values) => function.Invoke(NewFrame(frame, values), Span)),
        };
    }

    // The arguments first, then the frame: they may call functions too.
    private Code One(Evaluate argument) => Code.Of(frame =>
    {
        var value = argument(frame);
        if (!value.IsValue) return value;
        var called = NewFrame(frame);
        Value.Store(ref called.Slots[0], value.Raw);
        return function.Invoke(called, Span);
    });

    private Code Two(Evaluate first, Evaluate second) => Code.Of(frame =>
    {
        var one = first(frame);
        if (!one.IsValue) return one;
        var two = second(frame);
        if (!two.IsValue) return two;
        var called = NewFrame(frame);
        Value.Store(ref called.Slots[0], one.Raw);
        Value.Store(ref called.Slots[1], two.Raw);
        return function.Invoke(called, Span);
    });

    private Frame NewFrame(Frame caller) =>
        function.NewFrame(caller, module < 0 ? caller.Module : caller.Module.Script.Modules[module]);

    private Frame NewFrame(Frame caller, Value[] arguments)
    {
        var frame = NewFrame(caller);
        arguments.CopyTo(frame.Slots, 0);
        return frame;
    }
}
