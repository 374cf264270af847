using System.Text;
using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl.Library;

/// <summary>Functions that change a text variable in place (language §A.1). Most give unit.</summary>
internal static class StringEditing
{
    private const Kinds Text = Kinds.String;

    public static void AddTo(LibraryBuilder library)
    {
        library.Mutating("append", 2, Text, (Caller caller, ref Value s, ReadOnlySpan<Value> a) =>
            Put(caller, ref s, s.AsString().Length + a[0].ToText().Length, s.AsString() + a[0].ToText()));
        library.Mutating("clear", 1, Text, (Caller _, ref Value s, ReadOnlySpan<Value> _) => Set(ref s, ""));
        library.Mutating("trim", 1, Text, (Caller caller, ref Value s, ReadOnlySpan<Value> _) =>
            Put(caller, ref s, 0, s.AsString().Trim()));
        library.Mutating("make_upper", 1, Text | Kinds.Character, (Caller caller, ref Value s, ReadOnlySpan<Value> _) =>
            MakeCased(caller, ref s, true));
        library.Mutating("make_lower", 1, Text | Kinds.Character, (Caller caller, ref Value s, ReadOnlySpan<Value> _) =>
            MakeCased(caller, ref s, false));
        library.Mutating("set", 3, Text, SetCharacter);
        library.Mutating("truncate", 2, Text, Truncate);
        library.Mutating("crop", 2, Text, Crop);
        library.Mutating("crop", 3, Text, Crop);
        library.Mutating("pop", 1, Text, Pop);
        library.Mutating("pop", 2, Text, PopSeveral);
        library.Mutating("remove", 2, Text, (Caller caller, ref Value s, ReadOnlySpan<Value> a) =>
            Replace(caller, ref s, a[0], ""));
        library.Mutating("replace", 3, Text, Replace);
        library.Mutating("pad", 3, Text, Pad);
    }

    private static Completion Set(ref Value target, in Value value)
    {
        target = value;
        return Completion.Unit;
    }

    private static Completion Put(Caller caller, ref Value target, long length, string text) =>
        caller.Budget.ChargeBytes(2 * Math.Max(length, text.Length)) is { } spent
            ? Completion.Fail(spent)
            : Set(ref target, text);

    private static Completion MakeCased(Caller caller, ref Value target, bool upper)
    {
        var cased = StringLibrary.Cased(caller, target, upper);
        return cased.IsValue ? Set(ref target, cased.Value) : cased;
    }

    private static Completion SetCharacter(Caller caller, ref Value target, ReadOnlySpan<Value> a)
    {
        if (!a[0].TryAsInteger(out var index)) return caller.WrongType(a[0], "i64");
        if (a[1].Kind is not ValueKind.Character) return caller.WrongType(a[1], "char");
        var text = target.AsString();
        if (!Indexing.TryCharacter(text, index, out var at, out var old)) return Completion.Unit;
        return Put(
            caller, ref target, 0, string.Concat(text.AsSpan(0, at), a[1].ToText(), text.AsSpan(at + old.Utf16SequenceLength)));
    }

    private static Completion Truncate(Caller caller, ref Value target, ReadOnlySpan<Value> a)
    {
        if (!a[0].TryAsInteger(out var count)) return caller.WrongType(a[0], "i64");
        var text = target.AsString();
        return Put(caller, ref target, 0, text[..Indexing.Offset(text, (int)Math.Clamp(count, 0, text.Length))]);
    }

    private static Completion Crop(Caller caller, ref Value target, ReadOnlySpan<Value> a)
    {
        var text = target.AsString();
        return Selection.TryRead(caller, a, Indexing.Length(text), out var selection, out var error)
            ? Put(caller, ref target, 0, StringLibrary.Select(text, selection))
            : error;
    }

    private static Completion Pop(Caller caller, ref Value target, ReadOnlySpan<Value> a)
    {
        var text = target.AsString();
        if (!Indexing.TryCharacter(text, -1, out var at, out var last)) return Completion.Unit;
        var put = Put(caller, ref target, 0, text[..at]);
        return put.IsValue ? Completion.Of(last) : put;
    }

    private static Completion PopSeveral(Caller caller, ref Value target, ReadOnlySpan<Value> a)
    {
        if (!a[0].TryAsInteger(out var count)) return caller.WrongType(a[0], "i64");
        var text = target.AsString();
        var length = Indexing.Length(text);
        var at = Indexing.Offset(text, length - (int)Math.Clamp(count, 0, length));
        var put = Put(caller, ref target, 0, text[..at]);
        return put.IsValue ? Completion.Of(text[at..]) : put;
    }

    private static Completion Replace(Caller caller, ref Value target, ReadOnlySpan<Value> a) =>
        StringLibrary.TextOf(a[1]) is { } replacement
            ? Replace(caller, ref target, a[0], replacement)
            : caller.WrongType(a[1], "string");

    private static Completion Replace(Caller caller, ref Value target, in Value wanted, string replacement)
    {
        if (StringLibrary.TextOf(wanted) is not { } part) return caller.WrongType(wanted, "string");
        var text = target.AsString();
        if (part.Length == 0) return Completion.Unit;
        // Counted before it is done: many short matches and a long replacement can explode.
        var matches = text.AsSpan().Count(part);
        var length = text.Length + (matches * (long)(replacement.Length - part.Length));
        if (caller.Budget.ChargeBytes(2 * length) is { } spent) return Completion.Fail(spent);
        return Set(ref target, text.Replace(part, replacement, StringComparison.Ordinal));
    }

    private static Completion Pad(Caller caller, ref Value target, ReadOnlySpan<Value> a)
    {
        if (!a[0].TryAsInteger(out var wanted)) return caller.WrongType(a[0], "i64");
        if (StringLibrary.TextOf(a[1]) is not { } filler) return caller.WrongType(a[1], "string");
        var text = target.AsString();
        var missing = wanted - Indexing.Length(text);
        if (missing <= 0 || filler.Length == 0) return Completion.Unit;
        if (caller.Budget.ChargeBytes(missing > int.MaxValue ? long.MaxValue : 2 * (text.Length + (missing * 2))) is { } spent)
            return Completion.Fail(spent);
        var padded = new StringBuilder(text);
        while (missing > 0)
        {
            foreach (var rune in filler.EnumerateRunes())
                if (missing-- > 0) padded.Append(rune.ToString());
        }

        return Set(ref target, padded.ToString());
    }
}
