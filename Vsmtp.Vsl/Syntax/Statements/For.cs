using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Statements;

/// <summary>
/// <c>for x in items { }</c> and <c>for (x, i) in items { }</c>. Goes over the items as they were at the start.
/// </summary>
internal sealed class For(Identifier item, Identifier? counter, Node items, Node body, SourceSpan span) : Node(span)
{
    private Node _items = items;
    private Node _body = body;
    private int _itemSlot;
    private int _counterSlot = -1;

    public override Node? EndsWithout(string type) => this;

    public override void Print(SyntaxPrinter printer) =>
        printer.Text(counter is null ? "for " : "for (").Name(item).Name(counter, ", ").Text(counter is null ? " in " : ") in ")
            .Operand(_items).Text(" ").Node(_body);

    public override Node Bind(Binder binder)
    {
        _items = binder.Bind(_items);
        binder.Scope.Open();
        _itemSlot = binder.Declare(item, isConstant: false, isExported: false).Slot;
        if (counter is { } declared) _counterSlot = binder.Declare(declared, isConstant: false, isExported: false).Slot;
        binder.Scope.EnterLoop();
        _body = binder.Bind(_body);
        binder.Scope.LeaveLoop();
        binder.Scope.Close();
        return this;
    }

    public override Code Compile()
    {
        // Not borrowed: the mark makes any change inside the loop a change of a copy.
        var (items, turn) = (_items.Compile(), _body.Compile());
        if (items.Sync is { } itemsSync && turn.Sync is { } turnSync)
        {
            return Code.Of(frame =>
            {
                var iterable = itemsSync(frame);
                if (!iterable.IsValue) return iterable;
                if (Enumerate(iterable.Value) is not { } values) return EngineError.NotIterable(_items.Span);
                var count = 0L;
                foreach (var value in values)
                {
                    if (Prepare(frame, value, count++) is { } spent) return Completion.Fail(spent);
                    if (Loop.Ends(turnSync(frame), out var result)) return result;
                }

                return Completion.Unit;
            });
        }

        return Code.Waiting(async frame =>
        {
            var iterable = await items.RunAsync(frame).ConfigureAwait(false);
            if (!iterable.IsValue) return iterable;
            if (Enumerate(iterable.Value) is not { } values) return EngineError.NotIterable(_items.Span);
            var count = 0L;
            foreach (var value in values)
            {
                if (Prepare(frame, value, count++) is { } spent) return Completion.Fail(spent);
                if (Loop.Ends(await turn.RunAsync(frame).ConfigureAwait(false), out var result)) return result;
            }

            return Completion.Unit;
        });
    }

    private ScriptError? Prepare(Frame frame, in Value value, long count)
    {
        Value.Store(ref frame.Slots[_itemSlot], value.Share());
        if (_counterSlot >= 0) Value.Store(ref frame.Slots[_counterSlot], count);
        return frame.Budget.ChargeStep(Span);
    }

    private static IEnumerable<Value> Bytes(VslBlob blob)
    {
        for (var i = 0; i < blob.Bytes.Length; i++) yield return (long)blob.Bytes.Span[i];
    }

    private static IEnumerable<Value>? Enumerate(in Value items) => items.Kind switch
    {
        ValueKind.Array => items.AsArray(),
        ValueKind.String => items.AsString().EnumerateRunes().Select(Value.From),
        ValueKind.Range => items.AsRange().Items,
        ValueKind.Blob => Bytes(items.AsBlob()),
        ValueKind.Host => items.AsHost().Items,
        _ => null,
    };
}
