namespace Vsmtp.Vsl.Library;

/// <summary>A set of <see cref="ValueKind"/>.</summary>
[Flags]
internal enum Kinds
{
    None = 0,
    Boolean = 1 << ValueKind.Boolean,
    Integer = 1 << ValueKind.Integer,
    Float = 1 << ValueKind.Float,
    Character = 1 << ValueKind.Character,
    String = 1 << ValueKind.String,
    Array = 1 << ValueKind.Array,
    Map = 1 << ValueKind.Map,
    Blob = 1 << ValueKind.Blob,
    Range = 1 << ValueKind.Range,
    Timestamp = 1 << ValueKind.Timestamp,
    Function = 1 << ValueKind.Function,
    Host = 1 << ValueKind.Host,
    Number = Integer | Float,
    Any = ~0,
}

internal static class KindsExtensions
{
    public static bool Has(this Kinds kinds, ValueKind kind) => ((int)kinds & (1 << (int)kind)) != 0;
}
