using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Values;

namespace Vsmtp.Vsl.Library;

/// <summary>Functions that read arrays (language §A.2).</summary>
internal static class ArrayLibrary
{
    private const Kinds List = Kinds.Array;

    public static void AddTo(LibraryBuilder library)
    {
        library.Property("len", List, (_, a) => Completion.Of((long)a[0].AsArray().Count));
        library.Property("is_empty", List, (_, a) => Completion.Of(a[0].AsArray().Count == 0));
        library.Pure("get", 2, List, Get);
        library.Pure("extract", 2, List, Extract);
        library.Pure("extract", 3, List, Extract);
        library.Pure("to_array", 1, List, (_, a) => a[0].Share());
    }

    /// <summary>First index at or behind <paramref name="start"/> of an equal element; -1 when there is none.</summary>
    public static long IndexOf(VslArray array, in Value wanted, int start)
    {
        for (var i = start; i < array.Count; i++)
            if (ValueEquality.AreEqual(array.Span[i], wanted)) return i;
        return -1;
    }

    private static Completion Get(Caller caller, ReadOnlySpan<Value> a)
    {
        if (!a[1].TryAsInteger(out var index)) return caller.WrongType(a[1], "i64");
        return Indexing.TryResolve(index, a[0].AsArray().Count, out var at) ? a[0].AsArray()[at] : Completion.Unit;
    }

    private static Completion Extract(Caller caller, ReadOnlySpan<Value> a)
    {
        var array = a[0].AsArray();
        return Selection.TryRead(caller, a[1..], array.Count, out var selection, out var error)
            ? caller.Array([.. array.Skip(selection.Start).Take(selection.Length)])
            : error;
    }
}
