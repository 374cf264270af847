namespace Vsmtp.Vsl.Values;

/// <summary>Orders strings by Unicode scalar, as UTF-8 bytes would: surrogates come after the rest of the first plane.</summary>
internal sealed class CodePointComparer : IComparer<string>
{
    public static readonly CodePointComparer Instance = new();

    public int Compare(string? x, string? y) => Compare(x.AsSpan(), y.AsSpan());

    public static int Compare(ReadOnlySpan<char> x, ReadOnlySpan<char> y)
    {
        var same = x.CommonPrefixLength(y);
        if (same == x.Length || same == y.Length) return x.Length.CompareTo(y.Length);
        char a = x[same], b = y[same];
        var (highA, highB) = (char.IsSurrogate(a), char.IsSurrogate(b));
        return highA == highB ? a.CompareTo(b) : highA ? 1 : -1;
    }
}
