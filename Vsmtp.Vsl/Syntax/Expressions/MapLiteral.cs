using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary><c>#{ key: value, "other key": value }</c>. That keys are unique was checked when the tree was built.</summary>
internal sealed class MapLiteral(string[] keys, Node[] values, SourceSpan span) : Node(span)
{
    public override string Type => "map";

    /// <summary>What is written behind a key; null: no such key.</summary>
    public Node? this[string key] => Array.IndexOf(keys, key) is >= 0 and var at ? values[at] : null;

    public override void Print(SyntaxPrinter printer)
    {
        printer.Text("#{ ");
        for (var i = 0; i < keys.Length; i++) printer.Quoted(keys[i]).Text(": ").Node(values[i]).Text(", ");
        printer.Text("}");
    }

    public override Node Bind(Binder binder)
    {
        binder.BindAll(values);
        return Array.TrueForAll(values, v => v is Literal)
            ? new Literal(Build(Array.ConvertAll(values, v => ((Literal)v).Value)), Span)
            : this;
    }

    public override Code Compile() => Combine.Then(Array.ConvertAll(values, v => v.Compile()), (frame, items) =>
        frame.Budget.ChargeItems(2L * items.Length) is { } spent ? Completion.Fail(spent).At(Span) : Completion.Of(Build(items)));

    private VslMap Build(Value[] items)
    {
        var map = new VslMap();
        for (var i = 0; i < keys.Length; i++) map.Set(keys[i], items[i]);
        return map;
    }
}
