using System.Globalization;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Syntax;

namespace Vsmtp.Vsl.Library;

/// <summary>Functions on numbers (language §11.5, §A.4).</summary>
internal static class NumberLibrary
{
    private const Kinds Number = Kinds.Number;
    private const Kinds Integer = Kinds.Integer;

    public static void AddTo(LibraryBuilder library)
    {
        AddSigns(library);
        AddRounding(library);
        AddFunctions(library);
        AddConversions(library);
        AddBits(library);
    }

    /// <summary>The bits of a number that a range names, as a number of their own.</summary>
    public static Completion BitRange(long number, VslRange range, SourceSpan span)
    {
        var end = range.IsInclusive ? range.End + 1 : range.End;
        return range.Start < 0 || end > 64 || end <= range.Start
            ? EngineError.OutOfBounds("Bit", range.Start, 64, span)
            : Completion.Of((number >>> (int)range.Start) & Mask((int)(end - range.Start)));
    }

    private static void AddSigns(LibraryBuilder library)
    {
        library.Property("abs", Number, (caller, a) => a[0].Kind is ValueKind.Float ? Completion.Of(Math.Abs(a[0].AsFloat()))
            : a[0].AsInteger() >= 0 ? Completion.Of(a[0]) : Operators.Negate(a[0], caller.Site));
        library.Property("sign", Number, (caller, a) => !a[0].TryAsNumber(out var x) || double.IsNaN(x)
            ? caller.Fail("NaN has no sign")
            : Completion.Of(Math.Sign(x)));
        library.Property("is_zero", Number, (_, a) => Completion.Of(Double(a[0]) == 0));
        library.Property("is_odd", Integer, (_, a) => Completion.Of((a[0].AsInteger() & 1) != 0));
        library.Property("is_even", Integer, (_, a) => Completion.Of((a[0].AsInteger() & 1) == 0));
        library.Pure("min", 2, Number, (caller, a) => Extreme(caller, a, BinaryOperator.Less));
        library.Pure("max", 2, Number, (caller, a) => Extreme(caller, a, BinaryOperator.Greater));
    }

    private static void AddRounding(LibraryBuilder library)
    {
        Property("floor", Math.Floor);
        Property("ceiling", Math.Ceiling);
        Property("round", x => Math.Round(x, MidpointRounding.AwayFromZero));
        Property("int", Math.Truncate);
        Property("fraction", x => x - Math.Truncate(x));
        library.Property("is_nan", Number, (_, a) => Completion.Of(double.IsNaN(Double(a[0]))));
        library.Property("is_finite", Number, (_, a) => Completion.Of(double.IsFinite(Double(a[0]))));
        library.Property("is_infinite", Number, (_, a) => Completion.Of(double.IsInfinity(Double(a[0]))));
        void Property(string name, Func<double, double> function) =>
            library.Property(name, Number, (_, a) => Completion.Of(function(Double(a[0]))));
    }

    private static void AddFunctions(LibraryBuilder library)
    {
        library.Pure("PI", 0, Kinds.Any, (_, _) => Completion.Of(Math.PI));
        library.Pure("E", 0, Kinds.Any, (_, _) => Completion.Of(Math.E));
        (string Name, Func<double, double> Function)[] one =
        [
            ("sqrt", Math.Sqrt), ("exp", Math.Exp), ("ln", Math.Log), ("log", Math.Log10),
            ("sin", Math.Sin), ("cos", Math.Cos), ("tan", Math.Tan),
            ("asin", Math.Asin), ("acos", Math.Acos), ("atan", Math.Atan),
            ("sinh", Math.Sinh), ("cosh", Math.Cosh), ("tanh", Math.Tanh),
            ("asinh", Math.Asinh), ("acosh", Math.Acosh), ("atanh", Math.Atanh),
            ("to_degrees", x => x * 180 / Math.PI), ("to_radians", x => x * Math.PI / 180),
        ];
        foreach (var (name, function) in one) library.Pure(name, 1, Number, (_, a) => Completion.Of(function(Double(a[0]))));
        (string Name, Func<double, double, double> Function)[] two =
            [("log", Math.Log), ("atan", Math.Atan2), ("hypot", double.Hypot)];
        foreach (var (name, function) in two)
        {
            library.Pure(name, 2, Number, (caller, a) =>
                a[1].TryAsNumber(out var y) ? Completion.Of(function(Double(a[0]), y)) : caller.WrongType(a[1], "f64"));
        }
    }

    private static void AddConversions(LibraryBuilder library)
    {
        library.Pure("to_float", 1, Number, (_, a) => Completion.Of(Double(a[0])));
        library.Pure("to_int", 1, Number | Kinds.Character, (caller, a) => a[0].Kind switch
        {
            ValueKind.Integer => Completion.Of(a[0]),
            ValueKind.Character => Completion.Of(a[0].AsCharacter().Value),
            // The bounds are the largest floats that are still integers of 64 bits.
            _ => a[0].AsFloat() is >= -9223372036854775808.0 and < 9223372036854775808.0
                ? Completion.Of((long)a[0].AsFloat())
                : caller.Fail($"Integer overflow: to_int({a[0].ToText()})"),
        });
        library.Pure("to_hex", 1, Integer, (_, a) => Completion.Of(a[0].AsInteger().ToString("x", CultureInfo.InvariantCulture)));
        library.Pure("to_octal", 1, Integer, (_, a) => Completion.Of(Convert.ToString(a[0].AsInteger(), 8)));
        library.Pure("to_binary", 1, Integer, (_, a) => Completion.Of(Convert.ToString(a[0].AsInteger(), 2)));
    }

    private static void AddBits(LibraryBuilder library)
    {
        library.Pure("bits", 1, Integer, (caller, a) =>
        {
            var number = a[0].AsInteger();
            return caller.Array([.. Enumerable.Range(0, 64).Select(i => Value.From(((number >> i) & 1) != 0))]);
        });
        library.Pure("get_bit", 2, Integer, (caller, a) => Access.Index(a[0], a[1], caller.Site));
        library.Pure("get_bits", 2, Integer, (caller, a) =>
            a[1].Kind is ValueKind.Range
                ? BitRange(a[0].AsInteger(), a[1].AsRange(), caller.Site)
                : caller.WrongType(a[1], "range"));
        library.Pure("get_bits", 3, Integer, (caller, a) =>
            TryBits(caller, a[1..], out var range, out var error) ? BitRange(a[0].AsInteger(), range, caller.Site) : error);
        library.Mutating("set_bit", 3, Integer, (Caller caller, ref Value s, ReadOnlySpan<Value> a) =>
            a[1].TryAsBoolean(out var bit)
                ? SetBits(caller, ref s, a[0], bit ? 1 : 0)
                : caller.WrongType(a[1], "bool"));
        library.Mutating("set_bits", 3, Integer, (Caller caller, ref Value s, ReadOnlySpan<Value> a) =>
            a[0].Kind is ValueKind.Range && a[1].TryAsInteger(out var bits)
                ? SetBits(caller, ref s, a[0].AsRange(), bits)
                : caller.WrongType(a[0], "range"));
        library.Mutating("set_bits", 4, Integer, (Caller caller, ref Value s, ReadOnlySpan<Value> a) =>
            !TryBits(caller, a, out var range, out var error) ? error
            : a[2].TryAsInteger(out var bits) ? SetBits(caller, ref s, range, bits) : caller.WrongType(a[2], "i64"));
    }

    private static bool TryBits(Caller caller, ReadOnlySpan<Value> a, out VslRange range, out Completion error)
    {
        range = new VslRange(0, 0, IsInclusive: false);
        error = Completion.Unit;
        if (!a[0].TryAsInteger(out var start) || !Indexing.TryResolve(start, 64, out var from))
            error = caller.WrongType(a[0], "bit position");
        else if (!a[1].TryAsInteger(out var count)) error = caller.WrongType(a[1], "i64");
        else range = new VslRange(from, Math.Min(64, from + Math.Clamp(count, 0, 64)), IsInclusive: false);
        return error.IsValue;
    }

    private static Completion SetBits(Caller caller, ref Value target, in Value position, long bit)
    {
        if (!position.TryAsInteger(out var at)) return caller.WrongType(position, "i64");
        return Indexing.TryResolve(at, 64, out var from)
            ? SetBits(caller, ref target, new VslRange(from, from, IsInclusive: true), bit)
            : EngineError.OutOfBounds("Bit", at, 64, caller.Site);
    }

    private static Completion SetBits(Caller caller, ref Value target, VslRange range, long bits)
    {
        var old = BitRange(target.AsInteger(), range, caller.Site);
        if (!old.IsValue) return old;
        var count = (int)((range.IsInclusive ? range.End + 1 : range.End) - range.Start);
        var mask = Mask(count) << (int)range.Start;
        target = (target.AsInteger() & ~mask) | ((bits << (int)range.Start) & mask);
        return Completion.Unit;
    }

    private static long Mask(int count) => count == 64 ? -1 : (1L << count) - 1;

    private static Completion Extreme(Caller caller, ReadOnlySpan<Value> a, BinaryOperator wins)
    {
        if (!a[1].TryAsNumber(out _)) return caller.WrongType(a[1], "number");
        return Operators.Apply(wins, a[1], a[0], caller.Budget, caller.Site).Value.AsBoolean()
            ? Completion.Of(a[1])
            : Completion.Of(a[0]);
    }

    private static double Double(in Value value) => value.TryAsNumber(out var number) ? number : double.NaN;
}
