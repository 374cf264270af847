namespace Vsmtp.Vsl.Values;

/// <summary>Stands in a value for content that its bits hold.</summary>
internal sealed class ValueTag : ValueContent
{
    public static readonly ValueTag Boolean = new(ValueKind.Boolean);
    public static readonly ValueTag Integer = new(ValueKind.Integer);
    public static readonly ValueTag Float = new(ValueKind.Float);
    public static readonly ValueTag Character = new(ValueKind.Character);
    public static readonly ValueTag Timestamp = new(ValueKind.Timestamp);

    /// <summary>No value at all: a top-level name whose declaration has not run.</summary>
    public static readonly ValueTag Unset = new((ValueKind)byte.MaxValue);

    private ValueTag(ValueKind kind)
        : base(kind)
    {
    }
}
