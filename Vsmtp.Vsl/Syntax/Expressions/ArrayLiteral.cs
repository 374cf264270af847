using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary><c>[a, b, c]</c>.</summary>
internal sealed class ArrayLiteral(Node[] items, SourceSpan span) : Node(span)
{
    public IEnumerable<SourceSpan> ItemSpans => items.Select(item => item.Span);

    public override string Type => "array";

    public override void Print(SyntaxPrinter printer) =>
        printer.Text("[").List(items).Text("]");

    public override Node Bind(Binder binder)
    {
        binder.BindAll(items);
        return Array.TrueForAll(items, i => i is Literal)
            ? new Literal(new VslArray(items.Select(i => ((Literal)i).Value)), Span)
            : this;
    }

    public override Code Compile() => Combine.Then(Array.ConvertAll(items, i => i.Compile()), (frame, values) =>
        frame.Budget.ChargeItems(values.Length) is { } spent
            ? Completion.Fail(spent).At(Span)
            : Completion.Of(new VslArray([.. values])));
}
