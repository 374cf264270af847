using System.Buffers;
using Vsmtp.Smtp.Commands;

namespace Vsmtp.Smtp.Wire;

/// <summary>Takes command lines off what has arrived. Only CRLF ends a line (RFC 5321 §2.3.8).</summary>
internal sealed class CommandLineReader
{
    /// <summary>A line that goes on beyond this is no mistake but an attack, in octets.</summary>
    private const int MaxPassedOverBytes = 64 * 1024;

    private readonly byte[] _line = new byte[SmtpCommandLimits.Longest];
    private long _passedOverBytes;

    /// <summary>Takes one line off the front of <paramref name="input"/>; null when it has not ended yet.</summary>
    /// <param name="input">Of a line that is too long, what has arrived is taken off at once.</param>
    /// <param name="line">Without its CRLF; valid until the next call.</param>
    public LineOutcome? TryTake(ref ReadOnlySequence<byte> input, out ReadOnlyMemory<byte> line)
    {
        line = default;
        var reader = new SequenceReader<byte>(input);
        if (!reader.TryAdvanceToAny("\r\n"u8, advancePastDelimiter: false)) return Wait(ref input, input.Length);

        var length = reader.Consumed;
        reader.TryRead(out var first);
        if (first == '\n') return LineOutcome.BadLineEnd;
        if (!reader.TryRead(out var second)) return Wait(ref input, length);
        if (second != '\n') return LineOutcome.BadLineEnd;

        var isTooLong = _passedOverBytes > 0 || length + 2 > _line.Length;
        _passedOverBytes = 0;
        if (!isTooLong)
        {
            input.Slice(0, length).CopyTo(_line);
            line = _line.AsMemory(0, (int)length);
        }

        input = reader.UnreadSequence;
        return isTooLong ? LineOutcome.TooLong : LineOutcome.Line;
    }

    /// <summary>Takes off what no longer can be a command, so that no more than a line's worth is ever held.</summary>
    private LineOutcome? Wait(ref ReadOnlySequence<byte> input, long lengthSoFar)
    {
        if (_passedOverBytes + lengthSoFar <= _line.Length) return null;
        _passedOverBytes += lengthSoFar;
        // A CR at the end stays: with the next octet it may be the line's end.
        input = input.Slice(lengthSoFar);
        return _passedOverBytes > MaxPassedOverBytes ? LineOutcome.BadLineEnd : null;
    }
}
