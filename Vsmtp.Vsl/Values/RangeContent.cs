namespace Vsmtp.Vsl.Values;

/// <summary>A range as the content of a value.</summary>
internal sealed class RangeContent(VslRange range) : ValueContent(ValueKind.Range)
{
    public VslRange Range { get; } = range;
}
