using Vsmtp.Vsl.Values;

namespace Vsmtp.Vsl.Library;

/// <summary>
/// Functions on maps (language §A.3). <c>m.len</c> without parentheses reads the key <c>len</c>, so none is a property.
/// </summary>
internal static class MapLibrary
{
    private const Kinds Map = Kinds.Map;

    public static void AddTo(LibraryBuilder library)
    {
        library.Pure("len", 1, Map, (_, a) => Completion.Of((long)a[0].AsMap().Count));
        library.Pure("is_empty", 1, Map, (_, a) => Completion.Of(a[0].AsMap().Count == 0));
        library.Pure("get", 2, Map, Get);
        library.Pure("keys", 1, Map, (caller, a) => caller.Array([.. a[0].AsMap().Keys.Select(Value.From)]));
        library.Pure("values", 1, Map, (caller, a) => caller.Array([.. a[0].AsMap().Values]));
        library.Pure("to_json", 1, Map, (caller, a) => caller.Text(JsonText.Of(a[0])));
        library.Mutating("set", 3, Map, Set);
        library.Mutating("remove", 2, Map, Remove);
        library.Mutating("clear", 1, Map, (Caller _, ref Value s, ReadOnlySpan<Value> _) =>
        {
            s.AsMap().Clear();
            return Completion.Unit;
        });
        library.Mutating("mixin", 2, Map, (Caller caller, ref Value s, ReadOnlySpan<Value> a) =>
            Merge(caller, ref s, a[0], replaces: true));
        library.Mutating("fill_with", 2, Map, (Caller caller, ref Value s, ReadOnlySpan<Value> a) =>
            Merge(caller, ref s, a[0], replaces: false));
    }

    private static Completion Get(Caller caller, ReadOnlySpan<Value> a)
    {
        if (!a[1].TryAsString(out var key)) return caller.WrongType(a[1], "string");
        return a[0].AsMap().TryGetValue(key, out var value) ? value : Completion.Unit;
    }

    private static Completion Set(Caller caller, ref Value target, ReadOnlySpan<Value> a)
    {
        if (!a[0].TryAsString(out var key)) return caller.WrongType(a[0], "string");
        if (caller.Budget.ChargeItems(2) is { } spent) return Completion.Fail(spent);
        target.AsMap().Set(key, a[1]);
        return Completion.Unit;
    }

    private static Completion Remove(Caller caller, ref Value target, ReadOnlySpan<Value> a)
    {
        if (!a[0].TryAsString(out var key)) return caller.WrongType(a[0], "string");
        return target.AsMap().Remove(key, out var removed) ? removed : Completion.Unit;
    }

    private static Completion Merge(Caller caller, ref Value target, in Value other, bool replaces)
    {
        if (!other.TryAsMap(out var added)) return caller.WrongType(other, "map");
        if (caller.Budget.ChargeItems(2L * added.Count) is { } spent) return Completion.Fail(spent);
        var map = target.AsMap();
        foreach (var (key, value) in added)
            if (replaces || !map.ContainsKey(key)) map.Set(key, value);
        return Completion.Unit;
    }
}
