using System.Text;

namespace Vsmtp.Mail.Headers;

/// <summary>One field with its continuation lines, or a line that is no field, as the bytes that arrived.</summary>
public readonly struct HeaderField
{
    private readonly int _nameLength;

    private HeaderField(ReadOnlyMemory<byte> raw, int nameLength)
    {
        Raw = raw;
        _nameLength = nameLength;
    }

    /// <summary>All bytes with their line ends; the last line of a block may lack one.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>The line has no colon behind a name: it is kept, found by no name, and ends nothing.</summary>
    public bool IsOpaque => _nameLength == 0;

    /// <summary>The name in the letters that arrived; empty for an opaque line.</summary>
    public string Name => Encoding.ASCII.GetString(Raw.Span[.._nameLength]);

    /// <summary>
    /// The value unfolded (RFC 5322 §2.2.3: line breaks dropped, the blanks behind them kept), without the white space in front.
    /// UTF-8 (RFC 6532 §3.2), or Latin-1 where the bytes are none. Encoded words (RFC 2047) are left as they are.
    /// </summary>
    public string Value => IsOpaque ? "" : HeaderText.Decode(HeaderText.Unfold(RawValue));

    /// <summary>The bytes behind the colon, folds and last line end included.</summary>
    internal ReadOnlySpan<byte> RawValue => Raw.Span[(Raw.Span.IndexOf((byte)':') + 1)..];

    internal bool EndsWithLineBreak => Raw.Span is [.., (byte)'\n'];

    internal bool IsNamed(ReadOnlySpan<char> name) =>
        _nameLength == name.Length && Ascii.EqualsIgnoreCase(Raw.Span[.._nameLength], name) && _nameLength > 0;

    internal static HeaderField Read(ReadOnlyMemory<byte> raw)
    {
        var colon = raw.Span.IndexOf((byte)':');
        if (colon <= 0) return new(raw, 0);
        // Blanks before the colon are obsolete but legal to read (RFC 5322 §4.5).
        var name = raw.Span[..colon].TrimEnd(" \t"u8);
        return new(raw, HeaderText.IsName(name) ? name.Length : 0);
    }
}
