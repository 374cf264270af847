using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;
using Vsmtp.Vsl.Syntax.Statements;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary><c>`text ${block} text`</c>, or the sum of a string and what follows it.</summary>
internal sealed class Template(Node[] parts, SourceSpan span) : Node(span)
{
    public override string Type => StaticTypes.Text;

    /// <summary>Null: <paramref name="left"/> may be anything but a string, so the sum is not certainly a text.</summary>
    public static Template? OfSum(Node left, Node right, SourceSpan span) => left switch
    {
        Literal { Value.Kind: ValueKind.String } => new Template([left, right], span),
        Template sum => new Template([.. sum.Parts, right], span),
        _ => null,
    };

    /// <summary>Its value is all of their texts in one.</summary>
    public Node[] Parts { get; } = parts;

    public override void Print(SyntaxPrinter printer)
    {
        printer.Text("`");
        for (var i = 0; i < Parts.Length; i++)
        {
            if (Parts[i] is Block hole) printer.Text("${").Statements(hole.Statements).Text("}");
            else if (Parts[i] is Literal { Value: var text })
            {
                // A line break right behind the opening mark does not count.
                if (i == 0 && text.AsString().StartsWith('\n')) printer.Text("\n");
                printer.Text(text.AsString().Replace("`", "``", StringComparison.Ordinal));
            }
        }

        printer.Text("`");
    }

    public override Node Bind(Binder binder)
    {
        binder.BindAll(Parts);
        return Array.TrueForAll(Parts, p => p is Literal)
            ? new Literal(string.Concat(Parts.Select(p => ((Literal)p).Value.ToText())), Span)
            : this;
    }

    public override Code Compile()
    {
        var codes = Array.ConvertAll(Parts, p => p.CompileBorrowed());
        return codes.Length <= Operands.Capacity && Array.TrueForAll(codes, c => !c.MayWait)
            ? Few(Array.ConvertAll(codes, c => c.Sync!))
            : Combine.Then(codes, (frame, values) => Texts.Join(values, frame.Budget).At(Span));
    }

    private Code Few(Evaluate[] codes) => Code.Of(frame =>
    {
        var operands = default(Operands);
        Span<Value> values = operands;
        var read = Operands.Read(codes, frame, values);
        return read.IsValue ? Texts.Join(values[..codes.Length], frame.Budget).At(Span) : read;
    });
}
