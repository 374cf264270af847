using System.Buffers;

namespace Vsmtp.Smtp.Client;

/// <summary>Makes a message transparent for DATA (RFC 5321 §4.5.2): a dot more where a line begins with one.</summary>
/// <remarks>Fed in pieces of any size.</remarks>
internal sealed class DotStuffer
{
    private Position _position = Position.LineStart;

    private enum Position
    {
        LineStart,
        InLine,
        AfterCr,
    }

    public void Write(ReadOnlySpan<byte> piece, IBufferWriter<byte> output)
    {
        if (piece.IsEmpty) return;
        if (_position == Position.AfterCr && piece[0] == '\n')
        {
            output.Write(piece[..1]);
            piece = piece[1..];
            _position = Position.LineStart;
            if (piece.IsEmpty) return;
        }

        if (_position == Position.LineStart && piece[0] == '.') output.Write("."u8);
        _position = Behind(piece);
        while (piece.IndexOf("\r\n."u8) is var lineBreak and >= 0)
        {
            output.Write(piece[..(lineBreak + 2)]);
            output.Write("."u8);
            piece = piece[(lineBreak + 2)..];
        }

        output.Write(piece);
    }

    /// <summary>Ends the message: its last line if that has no end, then the dot.</summary>
    public void Complete(IBufferWriter<byte> output) =>
        output.Write(_position == Position.LineStart ? ".\r\n"u8 : "\r\n.\r\n"u8);

    private static Position Behind(ReadOnlySpan<byte> piece) => piece switch
    {
        [.., (byte)'\r', (byte)'\n'] => Position.LineStart,
        [.., (byte)'\r'] => Position.AfterCr,
        _ => Position.InLine,
    };
}
