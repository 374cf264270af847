using System.Collections.Frozen;
using Vsmtp.Vsl.Syntax;

namespace Vsmtp.Vsl.Binding;

/// <summary>What can be said of values before they exist: types that are certain, and comparisons that they decide.</summary>
internal static class StaticTypes
{
    public const string Unit = "()";
    public const string Boolean = "bool";
    public const string Integer = "i64";
    public const string Float = "f64";
    public const string Text = "string";
    public const string Character = "char";
    private const string ObjectPrefix = "object:";

    private static readonly FrozenSet<string> OwnTypes = FrozenSet.Create(
        Unit, Boolean, Integer, Float, Text, Character, "array", "map", "blob", "range", "range=", "timestamp", "Fn");

    /// <summary>Functions of the library whose result is of one type whatever they are given.</summary>
    private static readonly FrozenDictionary<string, string> Results = new (string Type, string Names)[]
    {
        (Boolean, "is_empty contains starts_with ends_with some all is_odd is_even is_zero is_nan is_finite is_infinite "
            + "is_def_var is_def_fn is_shared is_anonymous is_inclusive is_exclusive get_bit"),
        (Integer, "len bytes index_of to_int parse_int sign get_bits start end tag"),
        (Float, "floor ceiling round int fraction to_float parse_float sqrt exp ln sin cos tan elapsed PI E"),
        (Text, "to_string to_debug type_of sub_string to_json to_hex to_octal to_binary as_string name"),
        ("array", "to_chars chars split_rev keys values extract filter map bits to_array"),
        ("blob", "blob to_blob"),
        ("timestamp", "timestamp"),
        ("range", "range"),
        ("Fn", "Fn curry"),
        (Unit, "print debug trim replace make_upper make_lower pad crop truncate chop clear append push insert reverse sort dedup "
            + "mixin fill_with splice set set_tag set_bit set_bits for_each sleep"),
    }.SelectMany(group => group.Names.Split(' ').Select(name => (name, group.Type))).ToFrozenDictionary(r => r.name, r => r.Type);

    public static string OfObject(string kind) => kind == Text ? Text : ObjectPrefix + kind;

    /// <summary>Null: it depends on what the function is given.</summary>
    public static string? OfLibrary(string function) => Results.GetValueOrDefault(function);

    /// <summary>Null: several kinds of values may be of the type.</summary>
    public static ValueKind? KindOf(string? type) => type switch
    {
        Boolean => ValueKind.Boolean,
        Integer => ValueKind.Integer,
        Float => ValueKind.Float,
        Text => ValueKind.String,
        Character => ValueKind.Character,
        _ => null,
    };

    /// <summary>How messages name a type.</summary>
    public static string Describe(string type) =>
        type.StartsWith(ObjectPrefix, StringComparison.Ordinal) ? $"an object of kind {type[ObjectPrefix.Length..]}"
        : type == Unit ? "()"
        : type is Integer or Float or "array" ? $"an {type}"
        : $"a {type}";

    public static string? OfArithmetic(BinaryOperator operation, string? left, string? right) => operation switch
    {
        BinaryOperator.Equal or BinaryOperator.NotEqual or BinaryOperator.In or BinaryOperator.NotIn or BinaryOperator.Less
            or BinaryOperator.LessEqual or BinaryOperator.Greater or BinaryOperator.GreaterEqual => Boolean,
        BinaryOperator.Range => "range",
        BinaryOperator.RangeInclusive => "range=",
        BinaryOperator.Add when left == Text || right == Text => Text,
        BinaryOperator.BitAnd or BinaryOperator.BitOr or BinaryOperator.Xor when left == right => left,
        _ when left == Integer && right == Integer => Integer,
        _ when IsNumber(left) && IsNumber(right) => Float,
        _ when operation is BinaryOperator.Add or BinaryOperator.Subtract && left == right && left is Text or "array" or "map" => left,
        _ => null,
    };

    /// <summary>Whether <c>==</c>, or an order when <paramref name="isOrder"/>, is false for all values of the types.</summary>
    public static bool IsNeverTrue(string left, string right, bool isOrder, HostFacts facts)
    {
        var together = (IsNumber(left) && IsNumber(right)) || (IsText(left) && IsText(right));
        if (OwnTypes.Contains(left) && OwnTypes.Contains(right))
            return !together && (left != right || (isOrder && left != "timestamp"));
        return isOrder || facts.NeverEqual(left, right) || facts.NeverEqual(right, left);
    }

    private static bool IsNumber(string? type) => type is Integer or Float;

    private static bool IsText(string type) => type is Text or Character;
}
