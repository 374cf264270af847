using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Syntax;

namespace Vsmtp.Vsl.Library;

/// <summary>Functions that change an array variable in place, without closures (language §A.2).</summary>
internal static class ArrayEditing
{
    private const Kinds List = Kinds.Array;

    public static void AddTo(LibraryBuilder library)
    {
        library.Mutating("push", 2, List, (Caller caller, ref Value s, ReadOnlySpan<Value> a) =>
            Insert(caller, ref s, int.MaxValue, a[0]));
        library.Mutating("append", 2, List, (Caller caller, ref Value s, ReadOnlySpan<Value> a) => a[0].TryAsArray(out var other)
            ? Edit(caller, ref s, other.Count, items => items.AddRange(other))
            : caller.WrongType(a[0], "array"));
        library.Mutating("insert", 3, List, (Caller caller, ref Value s, ReadOnlySpan<Value> a) => a[0].TryAsInteger(out var at)
            ? Insert(caller, ref s, at, a[1])
            : caller.WrongType(a[0], "i64"));
        library.Mutating("set", 3, List, SetItem);
        library.Mutating("pad", 3, List, Pad);
        library.Mutating("pop", 1, List, (Caller _, ref Value s, ReadOnlySpan<Value> _) => Take(ref s, -1));
        library.Mutating("shift", 1, List, (Caller _, ref Value s, ReadOnlySpan<Value> _) => Take(ref s, 0));
        library.Mutating("remove", 2, List, (Caller caller, ref Value s, ReadOnlySpan<Value> a) =>
            a[0].TryAsInteger(out var at) ? Take(ref s, at) : caller.WrongType(a[0], "i64"));
        library.Mutating("clear", 1, List, (Caller caller, ref Value s, ReadOnlySpan<Value> _) =>
            Edit(caller, ref s, 0, items => items.Clear()));
        library.Mutating("reverse", 1, List, (Caller caller, ref Value s, ReadOnlySpan<Value> _) =>
            Edit(caller, ref s, 0, items => items.Reverse()));
        library.Mutating("truncate", 2, List, (Caller caller, ref Value s, ReadOnlySpan<Value> a) =>
            Keep(caller, ref s, a[0], fromEnd: false));
        library.Mutating("chop", 2, List, (Caller caller, ref Value s, ReadOnlySpan<Value> a) =>
            Keep(caller, ref s, a[0], fromEnd: true));
        library.Mutating("split", 2, List, Split);
        library.Mutating("splice", 3, List, Splice);
        library.Mutating("splice", 4, List, Splice);
        library.Mutating("drain", 3, List, (Caller caller, ref Value s, ReadOnlySpan<Value> a) =>
            Cut(caller, ref s, a, keepsSelected: false));
        library.Mutating("retain", 3, List, (Caller caller, ref Value s, ReadOnlySpan<Value> a) =>
            Cut(caller, ref s, a, keepsSelected: true));
        library.Mutating("sort", 1, List, (Caller caller, ref Value s, ReadOnlySpan<Value> _) => Sort(caller, ref s));
    }

    /// <summary>Removes a stretch, or all but it, and gives what was removed.</summary>
    public static Completion Cut(Caller caller, ref Value target, ReadOnlySpan<Value> arguments, bool keepsSelected)
    {
        var items = target.AsArray().Items;
        if (!Selection.TryRead(caller, arguments, items.Count, out var selection, out var error)) return error;
        if (caller.Budget.ChargeItems(items.Count) is { } spent) return Completion.Fail(spent);
        var selected = items.GetRange(selection.Start, selection.Length);
        List<Value> others = [.. items.Take(selection.Start), .. items.Skip(selection.End)];
        target = new VslArray(keepsSelected ? selected : others);
        return Completion.Of(new VslArray(keepsSelected ? others : selected));
    }

    private static Completion Edit(Caller caller, ref Value target, int added, Action<List<Value>> edit)
    {
        if (caller.Budget.ChargeItems(added) is { } spent) return Completion.Fail(spent);
        edit(target.AsArray().Items);
        return Completion.Unit;
    }

    private static Completion Insert(Caller caller, ref Value target, long at, Value item) =>
        Edit(caller, ref target, 1, items => items.Insert(Indexing.Clamp(at, items.Count), item));

    private static Completion SetItem(Caller caller, ref Value target, ReadOnlySpan<Value> a)
    {
        if (!a[0].TryAsInteger(out var index)) return caller.WrongType(a[0], "i64");
        var array = target.AsArray();
        if (Indexing.TryResolve(index, array.Count, out var at)) array.At(at) = a[1];
        return Completion.Unit;
    }

    private static Completion Pad(Caller caller, ref Value target, ReadOnlySpan<Value> a)
    {
        if (!a[0].TryAsInteger(out var wanted)) return caller.WrongType(a[0], "i64");
        var items = target.AsArray().Items;
        if (wanted <= items.Count) return Completion.Unit;
        if (caller.Budget.ChargeItems(wanted - items.Count) is { } spent) return Completion.Fail(spent);
        items.AddRange(Enumerable.Repeat(a[1], (int)(wanted - items.Count)));
        return Completion.Unit;
    }

    private static Completion Take(ref Value target, long index)
    {
        var items = target.AsArray().Items;
        if (!Indexing.TryResolve(index, items.Count, out var at)) return Completion.Unit;
        var taken = items[at];
        items.RemoveAt(at);
        return taken;
    }

    private static Completion Keep(Caller caller, ref Value target, in Value count, bool fromEnd)
    {
        if (!count.TryAsInteger(out var wanted)) return caller.WrongType(count, "i64");
        var items = target.AsArray().Items;
        var kept = (int)Math.Clamp(wanted, 0, items.Count);
        items.RemoveRange(fromEnd ? 0 : kept, items.Count - kept);
        return Completion.Unit;
    }

    private static Completion Split(Caller caller, ref Value target, ReadOnlySpan<Value> a)
    {
        if (!a[0].TryAsInteger(out var at)) return caller.WrongType(a[0], "i64");
        var items = target.AsArray().Items;
        var from = Indexing.Clamp(at, items.Count);
        var tail = items.GetRange(from, items.Count - from);
        items.RemoveRange(from, tail.Count);
        return caller.Array(tail);
    }

    private static Completion Splice(Caller caller, ref Value target, ReadOnlySpan<Value> a)
    {
        if (!a[^1].TryAsArray(out var added)) return caller.WrongType(a[^1], "array");
        var items = target.AsArray().Items;
        if (!Selection.TryRead(caller, a[..^1], items.Count, out var selection, out var error)) return error;
        return Edit(caller, ref target, added.Count, list =>
        {
            list.RemoveRange(selection.Start, selection.Length);
            list.InsertRange(selection.Start, added);
        });
    }

    private static Completion Sort(Caller caller, ref Value target)
    {
        var items = target.AsArray().Items;
        if (items.Count == 0) return Completion.Unit;
        var kind = items[0].Kind;
        if (items.Exists(i => i.Kind != kind)) return caller.Fail("Elements of different types cannot be sorted");
        if (kind is not (ValueKind.Integer or ValueKind.Float or ValueKind.String or ValueKind.Character or ValueKind.Boolean))
            return Completion.Unit;
        if (caller.Budget.ChargeItems(items.Count) is { } spent) return Completion.Fail(spent);
        var sorted = items.Order(Comparer<Value>.Create(Order)).ToList();
        target = new VslArray(sorted);
        return Completion.Unit;
    }

    private static int Order(Value left, Value right) => left.Kind switch
    {
        ValueKind.Boolean => left.AsBoolean().CompareTo(right.AsBoolean()),
        ValueKind.Float => left.AsFloat().CompareTo(right.AsFloat()),
        _ when Operators.Apply(BinaryOperator.Less, left, right, null, SourceSpan.None).Value.AsBoolean() => -1,
        _ => Operators.Apply(BinaryOperator.Less, right, left, null, SourceSpan.None).Value.AsBoolean() ? 1 : 0,
    };
}
