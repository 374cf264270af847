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

    public override Code Compile() => Compile(Array.ConvertAll(arguments, a => a.Compile()));

    /// <summary>As <see cref="Compile()"/>, with arguments that are compiled already.</summary>
    public Code Compile(Code[] codes)
    {
        if (overloads.MayWait)
            return Combine.ThenAsync(codes, (frame, values) => overloads.InvokeAsync(NewCaller(frame), values));
        return codes.Length <= Operands.Capacity && Array.TrueForAll(codes, c => !c.MayWait)
            ? Few(Array.ConvertAll(codes, c => c.Sync!))
            : Combine.Then(codes, (frame, values) => overloads.Invoke(NewCaller(frame), values));
    }

    private Code Few(Evaluate[] codes)
    {
        if (codes is [var only])
        {
            return Code.Of(frame =>
            {
                var value = only(frame);
                if (!value.IsValue) return value;
                var argument = value.Raw;
                return overloads.Invoke(NewCaller(frame), new Span<Value>(ref argument));
            });
        }

        return Code.Of(frame =>
        {
            var operands = default(Operands);
            Span<Value> values = operands;
            var read = Operands.Read(codes, frame, values);
            return read.IsValue ? overloads.Invoke(NewCaller(frame), values[..codes.Length]) : read;
        });
    }

    private Caller NewCaller(Frame frame) => new(frame.Run, frame.Module, this);
}
