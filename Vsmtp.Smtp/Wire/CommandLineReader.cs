using System.Buffers;
using System.Text;
using Vsmtp.Smtp.Commands;

namespace Vsmtp.Smtp.Wire;

/// <summary>Takes command lines off what has arrived. Only CRLF ends a line (RFC 5321 §2.3.8).</summary>
internal sealed class CommandLineReader
{
    /// <summary>A line that goes on beyond this is no mistake but an attack, in octets.</summary>
    private const int MaxPassedOverBytes = 64 * 1024;

    /// <summary>For lines that arrived in pieces.</summary>
    private byte[]? _joined;
    private long _passedOverBytes;
    private bool _isChunk;              // what is passed over began with BDAT

    /// <summary>Takes one line off the front of <paramref name="input"/>; null when it has not ended yet.</summary>
    /// <param name="input">Of a line that is too long, what has arrived is taken off at once.</param>
    /// <param name="maxLineBytes">Longest line, its CRLF included.</param>
    /// <param name="line">Without its CRLF; valid until the next call, and while <paramref name="input"/> is.</param>
    public LineOutcome? TryTake(ref ReadOnlySequence<byte> input, int maxLineBytes, out ReadOnlyMemory<byte> line)
    {
        line = default;
        var reader = new SequenceReader<byte>(input);
        if (!reader.TryAdvanceToAny("\r\n"u8, advancePastDelimiter: false)) return Wait(ref input, input.Length, maxLineBytes);

        var length = reader.Consumed;
        reader.TryRead(out var first);
        if (first == '\n') return LineOutcome.BadLineEnd;
        if (!reader.TryRead(out var second)) return Wait(ref input, length, maxLineBytes);
        if (second != '\n') return LineOutcome.BadLineEnd;

        var isTooLong = _passedOverBytes > 0 || length + 2 > maxLineBytes;
        var isChunk = isTooLong && (_passedOverBytes > 0 ? _isChunk : BeginsChunk(input));
        (_passedOverBytes, _isChunk) = (0, false);
        if (!isTooLong) line = Whole(input.Slice(0, length));

        input = reader.UnreadSequence;
        return isChunk ? LineOutcome.BadLineEnd : isTooLong ? LineOutcome.TooLong : LineOutcome.Line;
    }

    /// <summary>Octets that are no commands follow such a line, nobody knows how many (RFC 3030 §2): no conversation goes on behind it.</summary>
    private static bool BeginsChunk(in ReadOnlySequence<byte> line)
    {
        Span<byte> verb = stackalloc byte[4];
        if (line.Length < verb.Length) return false;
        line.Slice(0, verb.Length).CopyTo(verb);
        return Ascii.EqualsIgnoreCase(verb, "BDAT"u8);
    }

    private ReadOnlyMemory<byte> Whole(in ReadOnlySequence<byte> line)
    {
        if (line.IsSingleSegment) return line.First;
        if (_joined is null || _joined.Length < line.Length) _joined = new byte[Math.Max(line.Length, SmtpCommandLimits.Longest)];
        line.CopyTo(_joined);
        return _joined.AsMemory(0, (int)line.Length);
    }

    /// <summary>Takes off what no longer can be a command, so that no more than a line's worth is ever held.</summary>
    private LineOutcome? Wait(ref ReadOnlySequence<byte> input, long lengthSoFar, int maxLineBytes)
    {
        if (_passedOverBytes + lengthSoFar <= maxLineBytes) return null;
        if (_passedOverBytes == 0) _isChunk = BeginsChunk(input);
        _passedOverBytes += lengthSoFar;
        // A CR at the end stays: with the next octet it may be the line's end.
        input = input.Slice(lengthSoFar);
        return _passedOverBytes > MaxPassedOverBytes ? LineOutcome.BadLineEnd : null;
    }
}
