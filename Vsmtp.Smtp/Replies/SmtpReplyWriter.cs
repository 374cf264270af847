using System.Buffers;
using System.Text;

namespace Vsmtp.Smtp.Replies;

/// <summary>Writes replies: the server's side of the wire (RFC 5321 §4.2.1).</summary>
public static class SmtpReplyWriter
{
    /// <summary>Longest reply line with its codes and CRLF, in octets (RFC 5321 §4.5.3.1.5).</summary>
    public const int MaxLineBytes = 512;

    /// <param name="reply">A text longer than a line is cut into several; control characters in it become <c>?</c>.</param>
    /// <param name="withEnhancedCode">Write the enhanced code, on every line (RFC 2034 §4): not in the greeting and EHLO's
    /// answer.</param>
    public static void Write(IBufferWriter<byte> output, SmtpReply reply, bool withEnhancedCode = true)
    {
        var enhanced = withEnhancedCode ? reply.EnhancedPrefix : "";
        var room = MaxLineBytes - 4 - enhanced.Length - 2;
        for (var i = 0; i < reply.Lines.Length; i++)
        {
            var line = reply.Lines[i];
            var isLast = i == reply.Lines.Length - 1;
            if (line.Length <= room && !line.AsSpan().ContainsAnyExceptInRange(' ', '~')) WriteLine(output, reply.Code, enhanced, line, isLast);
            else WritePieces(output, reply.Code, enhanced, line, isLast);
        }
    }

    private static void WritePieces(IBufferWriter<byte> output, int code, string enhanced, string line, bool isLast)
    {
        var pieces = Cut(line, MaxLineBytes - 4 - enhanced.Length - 2).ToList();
        for (var i = 0; i < pieces.Count; i++) WriteLine(output, code, enhanced, pieces[i], isLast && i == pieces.Count - 1);
    }

    private static void WriteLine(IBufferWriter<byte> output, int code, string enhanced, string text, bool isLast)
    {
        var line = output.GetSpan(MaxLineBytes);
        line[0] = (byte)('0' + (code / 100));
        line[1] = (byte)('0' + (code / 10 % 10));
        line[2] = (byte)('0' + (code % 10));
        line[3] = isLast ? (byte)' ' : (byte)'-';
        var length = 4 + Encoding.UTF8.GetBytes(enhanced, line[4..]);
        length += Encoding.UTF8.GetBytes(text, line[length..]);
        "\r\n"u8.CopyTo(line[length..]);
        output.Advance(length + 2);
    }

    /// <summary>Pieces of at most so many octets of UTF-8, no character cut in two.</summary>
    private static IEnumerable<string> Cut(string line, int room)
    {
        var piece = new StringBuilder();
        var bytes = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > room)
            {
                yield return piece.ToString();
                piece.Clear();
                bytes = 0;
            }

            piece.Append(Rune.IsControl(rune) ? "?" : rune.ToString());
            bytes += rune.Utf8SequenceLength;
        }

        yield return piece.ToString();
    }
}
