using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Vsmtp.Smtp.Replies;

/// <summary>Reads replies (RFC 5321 §4.2.1): the client's side of the wire.</summary>
public static class SmtpReplyParser
{
    /// <summary>More than this for one reply is malformed, in octets.</summary>
    public const int MaxReplyBytes = 64 * 1024;

    /// <summary>Takes one whole reply off the front of <paramref name="input"/>.</summary>
    /// <remarks>Lines end with CRLF; a lone LF is taken too. Text that is no UTF-8 is read as Latin-1.</remarks>
    public static ReplyReadResult TryRead(ref ReadOnlySequence<byte> input, out SmtpReply? reply)
    {
        reply = null;
        var reader = new SequenceReader<byte>(input);
        List<string>? earlier = null;
        while (reader.Consumed <= MaxReplyBytes && reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            var text = Decode(line);
            if (!IsReplyLine(text)) return ReplyReadResult.Malformed;
            if (IsContinued(text))
            {
                (earlier ??= []).Add(text);
                continue;
            }

            reply = Parse(earlier is null ? [text] : [.. earlier, text]);
            input = reader.UnreadSequence;
            return ReplyReadResult.Complete;
        }

        return input.Length > MaxReplyBytes ? ReplyReadResult.Malformed : ReplyReadResult.Incomplete;
    }

    /// <summary>Reads all the lines of one reply. The last line's code counts, should an earlier one's be another.</summary>
    public static bool TryParse(IEnumerable<string> lines, [NotNullWhen(true)] out SmtpReply? reply)
    {
        string[] all = [.. lines];
        reply = all.Length > 0 && Array.TrueForAll(all, IsReplyLine) ? Parse(all) : null;
        return reply is not null;
    }

    private static SmtpReply Parse(ReadOnlySpan<string> lines)
    {
        var code = int.Parse(lines[^1].AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture);
        var texts = new string[lines.Length];
        for (var i = 0; i < lines.Length; i++) texts[i] = lines[i].Length > 4 ? lines[i][4..] : "";
        var enhanced = ReadEnhanced(texts[^1], code / 100);
        if (enhanced is not { } prefix) return new SmtpReply(code, null, texts);
        var words = prefix.ToString();
        for (var i = 0; i < texts.Length; i++) texts[i] = Without(texts[i], words);
        return new SmtpReply(code, enhanced, texts);
    }

    private static bool IsReplyLine(string line) =>
        line.Length >= 3 && line[0] is >= '2' and <= '5' && char.IsAsciiDigit(line[1]) && char.IsAsciiDigit(line[2])
        && (line.Length == 3 || line[3] is ' ' or '-');

    private static bool IsContinued(string line) => line.Length > 3 && line[3] == '-';

    /// <summary>RFC 2034 §4: the class is the first digit of the code; another one is text.</summary>
    private static EnhancedCode? ReadEnhanced(string text, int firstDigit)
    {
        var end = text.IndexOf(' ', StringComparison.Ordinal);
        var word = end < 0 ? text : text.AsSpan(0, end);
        return EnhancedCode.TryParse(word, out var code) && code.Class == firstDigit ? code : null;
    }

    private static string Without(string text, string enhanced)
    {
        if (!text.StartsWith(enhanced, StringComparison.Ordinal)) return text;
        if (text.Length == enhanced.Length) return "";
        return text[enhanced.Length] == ' ' ? text[(enhanced.Length + 1)..] : text;
    }

    /// <summary>Without the CR before the LF.</summary>
    private static string Decode(in ReadOnlySequence<byte> line)
    {
        var bytes = (line.IsSingleSegment ? line.FirstSpan : line.ToArray()).TrimEnd((byte)'\r');
        return (System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8 : Encoding.Latin1).GetString(bytes);
    }
}
