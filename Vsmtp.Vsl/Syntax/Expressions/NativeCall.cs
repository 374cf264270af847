using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Library;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary>A call of a function of the library or the host, resolved.</summary>
internal sealed class NativeCall(OverloadSet overloads, Node[] arguments, SourceSpan span) : Node(span)
{
    public override Code Compile()
    {
        var codes = Array.ConvertAll(arguments, a => a.Compile());
        return overloads.MayWait
            ? Combine.ThenAsync(
                codes, (frame, values) => overloads.InvokeAsync(new Caller(frame.Run, frame.Module, Span), values))
            : Combine.Then(codes, (frame, values) => overloads.Invoke(new Caller(frame.Run, frame.Module, Span), values));
    }
}
