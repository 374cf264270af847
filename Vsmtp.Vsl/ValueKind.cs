namespace Vsmtp.Vsl;

/// <summary>The tag of a <see cref="Value"/>.</summary>
public enum ValueKind : byte
{
    Unit,
    Boolean,
    Integer,
    Float,
    Character,
    String,
    Array,
    Map,
    Blob,
    Range,
    Timestamp,
    Function,
    Host,
}
