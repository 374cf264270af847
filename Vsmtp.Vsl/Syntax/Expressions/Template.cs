using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;
using Vsmtp.Vsl.Syntax.Statements;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary><c>`text ${block} text`</c>.</summary>
internal sealed class Template(Node[] parts, SourceSpan span) : Node(span)
{
    public override string Type => StaticTypes.Text;

    public override void Print(SyntaxPrinter printer)
    {
        printer.Text("`");
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i] is Block hole) printer.Text("${").Statements(hole.Statements).Text("}");
            else if (parts[i] is Literal { Value: var text })
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
        binder.BindAll(parts);
        return Array.TrueForAll(parts, p => p is Literal)
            ? new Literal(string.Concat(parts.Select(p => ((Literal)p).Value.ToText())), Span)
            : this;
    }

    public override Code Compile() => Combine.Then(Array.ConvertAll(parts, p => p.CompileBorrowed()), (frame, values) =>
    {
        var texts = Array.ConvertAll(values, v => v.ToText());
        return frame.Budget.ChargeBytes(2L * texts.Sum(t => (long)t.Length)) is { } spent
            ? Completion.Fail(spent).At(Span)
            : Completion.Of(string.Concat(texts));
    });
}
