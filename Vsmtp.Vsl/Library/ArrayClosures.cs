using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Values;

namespace Vsmtp.Vsl.Library;

/// <summary>
/// Array functions that call a closure per element (language §A.2): it gets the element, or element and index, and <c>this</c>.
/// </summary>
internal static class ArrayClosures
{
    private const Kinds List = Kinds.Array;

    public static void AddTo(LibraryBuilder library)
    {
        library.Waiting("map", 2, List, MapAsync);
        library.Waiting("filter", 2, List, (caller, a) => PartitionAsync(caller, a, (kept, _) => kept));
        library.Waiting("some", 2, List, (caller, a) => FindAsync(caller, a, 0, wanted: true, (at, _) => at >= 0));
        library.Waiting("all", 2, List, (caller, a) => FindAsync(caller, a, 0, wanted: false, (at, _) => at < 0));
        library.Waiting("find", 2, List, (caller, a) => FindAsync(caller, a, 0, wanted: true, (_, item) => item));
        library.Waiting("find_map", 2, List, FindMapAsync);
        library.Waiting("for_each", 2, List, ForEachAsync);
        library.Waiting("index_of", 2, List, (caller, a) => IndexOfAsync(caller, a, 0));
        library.Waiting("index_of", 3, List, (caller, a) => a[2].TryAsInteger(out var start)
            ? IndexOfAsync(caller, a, start)
            : new(caller.WrongType(a[2], "i64")));
        library.Waiting("reduce", 2, List, (caller, a) => ReduceAsync(caller, a, reversed: false));
        library.Waiting("reduce", 3, List, (caller, a) => ReduceAsync(caller, a, reversed: false));
        library.Waiting("reduce_rev", 2, List, (caller, a) => ReduceAsync(caller, a, reversed: true));
        library.Waiting("reduce_rev", 3, List, (caller, a) => ReduceAsync(caller, a, reversed: true));
        library.WaitingMutating("drain", 2, List, (caller, a) => CutAsync(caller, a, keepsSelected: false));
        library.WaitingMutating("retain", 2, List, (caller, a) => CutAsync(caller, a, keepsSelected: true));
        library.WaitingMutating("dedup", 1, List, (caller, a) => DedupAsync(caller, a, null));
        library.WaitingMutating("dedup", 2, List, (caller, a) => caller.TryFunction(a[1], out var equal)
            ? DedupAsync(caller, a, equal)
            : new(caller.WrongType(a[1], "Fn")));
        library.WaitingMutating("sort", 2, List, SortAsync);
    }

    /// <summary>Calls with as many of element and index as the function takes.</summary>
    private static ValueTask<Completion> CallAsync(Caller caller, FunctionValue function, Value item, long index)
    {
        item.Share();
        var self = function.Callable.UsesThis ? new Receiver(item) : null;
        return function.ParameterCount switch
        {
            0 => caller.InvokeAsync(function, self),
            2 => caller.InvokeAsync(function, self, item, index),
            _ => caller.InvokeAsync(function, self, item),
        };
    }

    private static async ValueTask<Completion> TestAsync(Caller caller, FunctionValue function, Value item, long index)
    {
        var test = await CallAsync(caller, function, item, index).ConfigureAwait(false);
        return !test.IsValue || test.Value.Kind is ValueKind.Boolean ? test : caller.WrongType(test.Value, "bool");
    }

    private static async ValueTask<Completion> MapAsync(Caller caller, Value[] a)
    {
        if (!caller.TryFunction(a[1], out var function)) return caller.WrongType(a[1], "Fn");
        var array = a[0].AsArray();
        var mapped = new List<Value>(array.Count);
        for (var i = 0; i < array.Count; i++)
        {
            var result = await CallAsync(caller, function, array[i], i).ConfigureAwait(false);
            if (!result.IsValue) return result;
            mapped.Add(result.Value.Share());
        }

        return caller.Array(mapped);
    }

    /// <param name="choose">From the elements for which the function holds, and the others, the answer.</param>
    private static async ValueTask<Completion> PartitionAsync(
        Caller caller, Value[] a, Func<List<Value>, List<Value>, List<Value>> choose)
    {
        if (!caller.TryFunction(a[1], out var function)) return caller.WrongType(a[1], "Fn");
        var array = a[0].AsArray();
        var (yes, no) = (new List<Value>(), new List<Value>());
        for (var i = 0; i < array.Count; i++)
        {
            var test = await TestAsync(caller, function, array[i], i).ConfigureAwait(false);
            if (!test.IsValue) return test;
            (test.Value.AsBoolean() ? yes : no).Add(array[i]);
        }

        return caller.Array(choose(yes, no));
    }

    private static async ValueTask<Completion> CutAsync(Caller caller, Value[] a, bool keepsSelected)
    {
        if (a[1].Kind is ValueKind.Range) return ArrayEditing.Cut(caller, ref a[0], a.AsSpan(1), keepsSelected);
        List<Value>? kept = null;
        var removed = await PartitionAsync(caller, a, (yes, no) =>
        {
            kept = keepsSelected ? yes : no;
            return keepsSelected ? no : yes;
        }).ConfigureAwait(false);
        if (removed.IsValue) a[0] = new VslArray(kept!);
        return removed;
    }

    private static async ValueTask<Completion> FindAsync(
        Caller caller, Value[] a, int start, bool wanted, Func<long, Value, Value> answer)
    {
        if (!caller.TryFunction(a[1], out var function)) return caller.WrongType(a[1], "Fn");
        var array = a[0].AsArray();
        for (var i = start; i < array.Count; i++)
        {
            var test = await TestAsync(caller, function, array[i], i).ConfigureAwait(false);
            if (!test.IsValue) return test;
            if (test.Value.AsBoolean() == wanted) return answer(i, array[i]);
        }

        return answer(-1, Value.Unit);
    }

    private static async ValueTask<Completion> FindMapAsync(Caller caller, Value[] a)
    {
        if (!caller.TryFunction(a[1], out var function)) return caller.WrongType(a[1], "Fn");
        var array = a[0].AsArray();
        for (var i = 0; i < array.Count; i++)
        {
            var result = await CallAsync(caller, function, array[i], i).ConfigureAwait(false);
            if (!result.IsValue || !result.Value.IsUnit) return result;
        }

        return Completion.Unit;
    }

    private static async ValueTask<Completion> ForEachAsync(Caller caller, Value[] a)
    {
        if (!caller.TryFunction(a[1], out var function)) return caller.WrongType(a[1], "Fn");
        var array = a[0].AsArray();
        for (var i = 0; i < array.Count; i++)
        {
            var result = await CallAsync(caller, function, array[i], i).ConfigureAwait(false);
            if (!result.IsValue) return result;
        }

        return Completion.Unit;
    }

    /// <remarks>A function is a test here; a function's name is a string like any other and is looked for itself.</remarks>
    private static ValueTask<Completion> IndexOfAsync(Caller caller, Value[] a, long start)
    {
        var array = a[0].AsArray();
        if (start >= array.Count) return new(Completion.Of(-1));
        var from = Indexing.Clamp(start, array.Count);
        return a[1].Kind is ValueKind.Function
            ? FindAsync(caller, a, from, wanted: true, (at, _) => at)
            : new(Completion.Of(ArrayLibrary.IndexOf(array, a[1], from)));
    }

    private static async ValueTask<Completion> ReduceAsync(Caller caller, Value[] a, bool reversed)
    {
        if (!caller.TryFunction(a[1], out var function)) return caller.WrongType(a[1], "Fn");
        var array = a[0].AsArray();
        var result = a.Length < 3 ? Completion.Unit
            : a[2].TryAsFunction(out var first) ? await caller.InvokeAsync(first, null).ConfigureAwait(false)
            : Completion.Of(a[2]);
        for (var i = 0; i < array.Count && result.IsValue; i++)
        {
            var at = reversed ? array.Count - 1 - i : i;
            Value[] given = function.ParameterCount == 3
                ? [result.Value.Share(), array[at], at]
                : [result.Value.Share(), array[at]];
            result = await caller.InvokeAsync(function, null, given).ConfigureAwait(false);
        }

        return result;
    }

    private static async ValueTask<Completion> DedupAsync(Caller caller, Value[] a, FunctionValue? equal)
    {
        var array = a[0].AsArray();
        var kept = new List<Value>();
        foreach (var item in array)
        {
            var same = kept.Count == 0 ? Value.False
                : equal is null ? Completion.Of(ValueEquality.AreEqual(kept[^1], item))
                : await caller.InvokeAsync(equal, null, kept[^1], item).ConfigureAwait(false);
            if (!same.IsValue) return same;
            if (!same.Value.TryAsBoolean(out var drops)) return caller.WrongType(same.Value, "bool");
            if (!drops) kept.Add(item);
        }

        if (caller.Budget.ChargeItems(kept.Count) is { } spent) return Completion.Fail(spent);
        a[0] = new VslArray(kept);
        return Completion.Unit;
    }

    /// <summary>A merge sort from the bottom up: stable, and its comparisons may wait.</summary>
    private static async ValueTask<Completion> SortAsync(Caller caller, Value[] a)
    {
        if (!caller.TryFunction(a[1], out var compare)) return caller.WrongType(a[1], "Fn");
        Value[] from = [.. a[0].AsArray()];
        var to = new Value[from.Length];
        if (caller.Budget.ChargeItems(2L * from.Length) is { } spent) return Completion.Fail(spent);
        for (var width = 1; width < from.Length; width *= 2)
        {
            for (var start = 0; start < from.Length; start += 2 * width)
            {
                var merged = await MergeAsync(caller, compare, from, to, start, width).ConfigureAwait(false);
                if (!merged.IsValue) return merged;
            }

            (from, to) = (to, from);
        }

        a[0] = new VslArray([.. from]);
        return Completion.Unit;
    }

    private static async ValueTask<Completion> MergeAsync(
        Caller caller, FunctionValue compare, Value[] from, Value[] to, int start, int width)
    {
        var middle = Math.Min(start + width, from.Length);
        var end = Math.Min(start + (2 * width), from.Length);
        var (left, right) = (start, middle);
        for (var at = start; at < end; at++)
        {
            var takesLeft = right >= end;
            if (left < middle && right < end)
            {
                var order = await caller.InvokeAsync(compare, null, from[left], from[right]).ConfigureAwait(false);
                if (!order.IsValue) return order;
                if (!order.Value.TryAsInteger(out var sign)) return caller.WrongType(order.Value, "i64");
                takesLeft = sign <= 0;
            }

            to[at] = takesLeft ? from[left++] : from[right++];
        }

        return Completion.Unit;
    }
}
