using System.Buffers;
using System.Globalization;
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
        var enhanced = withEnhancedCode && reply.Enhanced is { } code ? $"{code} " : "";
        var room = MaxLineBytes - 4 - enhanced.Length - 2;
        var pieces = reply.Lines.SelectMany(line => Cut(line, room)).ToList();
        for (var i = 0; i < pieces.Count; i++)
        {
            var separator = i == pieces.Count - 1 ? ' ' : '-';
            Encoding.UTF8.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"{reply.Code}{separator}{enhanced}{pieces[i]}\r\n"), output);
        }
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
