using System.Buffers;

namespace Vsmtp.Delivery.Local;

/// <summary>A message as an mbox has it: lines end with LF, and what looks like the beginning of the next one has a <c>&gt;</c> before it ("mboxrd").</summary>
internal sealed class MboxWriter(Stream target)
{
    private readonly ArrayBufferWriter<byte> _line = new();
    private bool _isLong;        // the front of the line is out

    /// <summary>Octets of a line that are looked at before any of it is written; its beginning decides.</summary>
    private const int MaxHeld = 4096;

    public void Write(ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            var end = octets.IndexOf((byte)'\n');
            _line.Write(end < 0 ? octets : octets[..end]);
            if (end >= 0) EndLine();
            else if (_line.WrittenCount > MaxHeld) WriteHeld(isWhole: false);
            octets = end < 0 ? default : octets[(end + 1)..];
        }
    }

    /// <summary>Ends the last line, and the message with an empty one.</summary>
    public void Complete()
    {
        if (_line.WrittenCount > 0 || _isLong) EndLine();
        target.WriteByte((byte)'\n');
    }

    private void EndLine()
    {
        WriteHeld(isWhole: true);
        target.WriteByte((byte)'\n');
        _isLong = false;
    }

    private void WriteHeld(bool isWhole)
    {
        var line = _line.WrittenSpan;
        if (!_isLong && line.TrimStart((byte)'>').StartsWith("From "u8)) target.WriteByte((byte)'>');
        // A CR at the end of what is held may be the first half of a line's end.
        var kept = !isWhole && line.EndsWith("\r"u8) ? 1 : 0;
        target.Write(isWhole && line.EndsWith("\r"u8) ? line[..^1] : line[..^kept]);
        _line.ResetWrittenCount();
        if (kept > 0) _line.Write("\r"u8);
        _isLong = !isWhole;
    }
}
