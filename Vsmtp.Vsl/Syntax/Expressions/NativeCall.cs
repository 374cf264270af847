using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Library;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary>A call of a function of the library or the host, resolved.</summary>
/// <param name="type">Of the result; null: not known.</param>
internal sealed class NativeCall(OverloadSet overloads, Node[] arguments, string? type, SourceSpan span) : Node(span)
{
    public string Name => overloads.Name;

    /// <summary>Whether a call without a use of its result is without use.</summary>
    public bool IsPure => overloads.IsPure;

    public override string? Type => type;

    public override Code Compile()
    {
        var codes = Array.ConvertAll(arguments, a => a.Compile());
        return overloads.MayWait
            ? Combine.ThenAsync(
                codes, (frame, values) => overloads.InvokeAsync(new Caller(frame.Run, frame.Module, Span), values))
            : Combine.Then(codes, (frame, values) => overloads.Invoke(new Caller(frame.Run, frame.Module, Span), values));
    }
}
