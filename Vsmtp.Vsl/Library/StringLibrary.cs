using System.Globalization;
using System.Text;
using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl.Library;

/// <summary>Functions that read texts (language §A.1). Positions are Unicode scalars.</summary>
internal static class StringLibrary
{
    private const Kinds Text = Kinds.String;

    public static void AddTo(LibraryBuilder library)
    {
        library.Property("len", Text, (_, a) => Completion.Of((long)Indexing.Length(a[0].AsString())));
        library.Property("bytes", Text, (_, a) => Completion.Of((long)Encoding.UTF8.GetByteCount(a[0].AsString())));
        library.Property("is_empty", Text, (_, a) => Completion.Of(a[0].AsString().Length == 0));
        library.Pure("starts_with", 2, Text, (caller, a) => Test(caller, a, (s, t) => s.StartsWith(t, StringComparison.Ordinal)));
        library.Pure("ends_with", 2, Text, (caller, a) => Test(caller, a, (s, t) => s.EndsWith(t, StringComparison.Ordinal)));
        library.Pure("index_of", 2, Text, (caller, a) => IndexOf(caller, a[0].AsString(), a[1], 0));
        library.Pure("index_of", 3, Text, (caller, a) =>
            a[2].TryAsInteger(out var start) ? IndexOf(caller, a[0].AsString(), a[1], start) : caller.WrongType(a[2], "i64"));
        library.Pure("get", 2, Text, Get);
        library.Pure("sub_string", 2, Text, SubString);
        library.Pure("sub_string", 3, Text, SubString);
        library.Pure("to_upper", 1, Text | Kinds.Character, (caller, a) => Cased(caller, a[0], upper: true));
        library.Pure("to_lower", 1, Text | Kinds.Character, (caller, a) => Cased(caller, a[0], upper: false));
        library.Pure("to_chars", 1, Text, (caller, a) => Characters(caller, a[0].AsString()));
        library.Pure("chars", 1, Text, (caller, a) => Characters(caller, a[0].AsString()));
        library.Pure("chars", 2, Text, SelectedCharacters);
        library.Pure("chars", 3, Text, SelectedCharacters);
        library.Pure("to_blob", 1, Text, (caller, a) => BlobLibrary.New(caller, Encoding.UTF8.GetBytes(a[0].AsString())));
        library.Acting("parse_int", 1, Text, (caller, a) => ParseInteger(caller, a[0].AsString(), 10));
        library.Acting("parse_int", 2, Text, (caller, a) =>
            a[1].TryAsInteger(out var radix) ? ParseInteger(caller, a[0].AsString(), radix) : caller.WrongType(a[1], "i64"));
        library.Acting("parse_float", 1, Text, ParseFloat);
        AddSplits(library);
    }

    /// <summary>A string or a character as text; null for anything else.</summary>
    public static string? TextOf(in Value value) => value.Kind is ValueKind.String or ValueKind.Character ? value.ToText() : null;

    public static Completion Cased(Caller caller, in Value value, bool upper)
    {
        if (value.Kind is ValueKind.Character)
            return Completion.Of(upper ? Rune.ToUpperInvariant(value.AsCharacter()) : Rune.ToLowerInvariant(value.AsCharacter()));
        return caller.Text(upper ? SpecialCasing.ToUpper(value.AsString()) : value.AsString().ToLowerInvariant());
    }

    public static string Select(string text, Selection selection)
    {
        var from = Indexing.Offset(text, selection.Start);
        return text[from..Indexing.Offset(text, selection.End)];
    }

    private static void AddSplits(LibraryBuilder library)
    {
        library.Pure("split", 1, Text, SplitAtBlanks);
        library.Pure("split", 2, Text, (caller, a) => a[1].TryAsInteger(out var at)
            ? SplitAt(caller, a[0].AsString(), at)
            : Split(caller, a[0].AsString(), a[1], int.MaxValue, fromEnd: false));
        library.Pure("split", 3, Text, (caller, a) => a[2].TryAsInteger(out var count)
            ? Split(caller, a[0].AsString(), a[1], count, fromEnd: false)
            : caller.WrongType(a[2], "i64"));
        library.Pure("split_rev", 2, Text, (caller, a) => Split(caller, a[0].AsString(), a[1], int.MaxValue, fromEnd: true));
        library.Pure("split_rev", 3, Text, (caller, a) => a[2].TryAsInteger(out var count)
            ? Split(caller, a[0].AsString(), a[1], count, fromEnd: true)
            : caller.WrongType(a[2], "i64"));
    }

    private static Completion Test(Caller caller, ReadOnlySpan<Value> a, Func<string, string, bool> test) =>
        TextOf(a[1]) is { } other ? Completion.Of(test(a[0].AsString(), other)) : caller.WrongType(a[1], "string");

    private static Completion IndexOf(Caller caller, string text, in Value wanted, long start)
    {
        if (TextOf(wanted) is not { } part) return caller.WrongType(wanted, "string");
        var count = Indexing.Length(text);
        if (count == 0 || start >= count) return Completion.Of(-1);
        var at = text.IndexOf(part, Indexing.Offset(text, Indexing.Clamp(start, count)), StringComparison.Ordinal);
        return Completion.Of(at < 0 ? -1 : Indexing.Length(text[..at]));
    }

    private static Completion Get(Caller caller, ReadOnlySpan<Value> a)
    {
        if (!a[1].TryAsInteger(out var index)) return caller.WrongType(a[1], "i64");
        return Indexing.TryCharacter(a[0].AsString(), index, out _, out var character)
            ? Completion.Of(character)
            : Completion.Unit;
    }

    private static Completion SubString(Caller caller, ReadOnlySpan<Value> a)
    {
        var text = a[0].AsString();
        return Selection.TryRead(caller, a[1..], Indexing.Length(text), out var selection, out var error)
            ? caller.Text(Select(text, selection))
            : error;
    }

    private static Completion SelectedCharacters(Caller caller, ReadOnlySpan<Value> a)
    {
        var selected = SubString(caller, a);
        return selected.IsValue ? Characters(caller, selected.Value.AsString()) : selected;
    }

    private static Completion Characters(Caller caller, string text) =>
        caller.Budget.ChargeItems(text.Length) is { } spent
            ? Completion.Fail(spent)
            : Completion.Of(new VslArray(text.EnumerateRunes().Select(Value.From)));

    /// <summary>Paid for before it is done: a long text of short words takes many times its own room.</summary>
    private static Completion SplitAtBlanks(Caller caller, ReadOnlySpan<Value> a)
    {
        var text = a[0].AsString();
        var words = 0L;
        for (var i = 0; i < text.Length; i++)
            if (!char.IsWhiteSpace(text[i]) && (i == 0 || char.IsWhiteSpace(text[i - 1]))) words++;
        return caller.Budget.ChargeItems(words) is { } spent
            ? Completion.Fail(spent)
            : Pieces(caller, text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static Completion SplitAt(Caller caller, string text, long at)
    {
        var offset = Indexing.Offset(text, Indexing.Clamp(at, Indexing.Length(text)));
        return Pieces(caller, [text[..offset], text[offset..]]);
    }

    private static Completion Split(Caller caller, string text, in Value delimiter, long count, bool fromEnd)
    {
        if (TextOf(delimiter) is not { } mark) return caller.WrongType(delimiter, "string");
        if (mark.Length == 0) return caller.Fail("The text at which to split cannot be empty");
        var pieces = new List<string>();
        while (pieces.Count + 1 < Math.Max(1, count))
        {
            var at = fromEnd ? text.LastIndexOf(mark, StringComparison.Ordinal) : text.IndexOf(mark, StringComparison.Ordinal);
            if (at < 0) break;
            if (caller.Budget.ChargeBytes(2L * text.Length) is { } spent) return Completion.Fail(spent);
            pieces.Add(fromEnd ? text[(at + mark.Length)..] : text[..at]);
            text = fromEnd ? text[..at] : text[(at + mark.Length)..];
        }

        return Pieces(caller, [.. pieces, text]);
    }

    private static Completion Pieces(Caller caller, string[] pieces) =>
        caller.Budget.ChargeBytes(2L * pieces.Sum(p => p.Length)) is { } spent
            ? Completion.Fail(spent)
            : caller.Array([.. pieces.Select(Value.From)]);

    private static Completion ParseInteger(Caller caller, string text, long radix)
    {
        if (radix is < 2 or > 36) return caller.Fail($"Invalid radix: {radix}");
        var digits = text.Trim();
        var negative = digits.StartsWith('-');
        Int128 number = 0;
        var valid = digits.Length > (negative || digits.StartsWith('+') ? 1 : 0);
        foreach (var c in digits.AsSpan(valid && digits[0] is '-' or '+' ? 1 : 0))
        {
            var digit = char.IsAsciiDigit(c) ? c - '0'
                : char.IsAsciiLetter(c) ? char.ToLowerInvariant(c) - 'a' + 10
                : int.MaxValue;
            valid &= digit < radix && number <= long.MaxValue;
            if (!valid) break;
            number = (number * radix) + digit;
        }

        number = negative ? -number : number;
        return valid && number >= long.MinValue && number <= long.MaxValue
            ? Completion.Of((long)number)
            : caller.Fail($"Error parsing integer number '{text}'");
    }

    private static Completion ParseFloat(Caller caller, ReadOnlySpan<Value> a) =>
        double.TryParse(a[0].AsString().Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? Completion.Of(number)
            : caller.Fail($"Error parsing floating-point number '{a[0].AsString()}'");
}
