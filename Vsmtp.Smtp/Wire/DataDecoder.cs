using System.Buffers;

namespace Vsmtp.Smtp.Wire;

/// <summary>
/// Undoes the transparency of DATA and finds its end (RFC 5321 §4.5.2), over buffers cut anywhere. What comes by BDAT has neither
/// (RFC 3030 §2), and is held to the same lines.
/// </summary>
/// <remarks>
/// Only CRLF ends a line, and only CRLF.CRLF the message. Every other combination of CR, LF and dot that some server takes for an end
/// is a fault of the content, found here and passed over: two servers must not see two different messages (SMTP smuggling).
/// </remarks>
internal sealed class DataDecoder(DataLimits limits, bool isChunked = false)
{
    private static readonly byte[] LineEnd = [(byte)'\r', (byte)'\n'];

    private static readonly SearchValues<byte> Stops = SearchValues.Create("\r\n\0"u8);

    // The CRLF of the DATA command stands before the first line.
    private State _state = State.LineStart;
    private long _lineBytes;
    private bool _isInHeader = true;
    private bool _isBehindFault;
    private bool _isLineEndDoubtful;

    private enum State
    {
        LineStart,
        InLine,

        /// <summary>A CR ended the last buffer, or was the last octet looked at.</summary>
        Cr,

        /// <summary>A dot began the line; it is never content.</summary>
        Dot,

        /// <summary>A dot and a CR: with an LF, the end.</summary>
        DotCr,
    }

    /// <summary>The message's end has been seen.</summary>
    public bool IsComplete { get; private set; }

    public DataFault Fault { get; private set; }

    /// <summary>
    /// The end stands right behind a bare CR, a bare LF or a NUL: a server before us that reads CR CR LF in its own way has taken it for
    /// content, and what follows for the same message.
    /// </summary>
    public bool IsEndDoubtful { get; private set; }

    /// <summary>Octets of the message so far.</summary>
    public long ContentBytes { get; private set; }

    /// <summary>
    /// Takes the next run of content off the front of <paramref name="input"/>. Call it until the input is empty or
    /// <see cref="IsComplete"/>; what is then left belongs to the next command.
    /// </summary>
    /// <returns>The run, perhaps empty, being a slice of the input.</returns>
    public ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> input)
    {
        var span = input.Span;
        var start = SkipDot(span);
        var position = start;
        while (position < span.Length && !IsComplete && _state != State.Dot)
        {
            position = Step(span, position);
        }

        // The dot that stopped the loop was counted as read, not as content.
        var end = _state == State.Dot && position > start ? position - 1 : position;
        var run = IsComplete ? default : input[start..end];
        input = input[position..];
        return run;
    }

    /// <summary>There is no more of a chunked message.</summary>
    /// <returns>What its last line lacks: nothing, or CRLF.</returns>
    public ReadOnlyMemory<byte> End()
    {
        IsComplete = true;
        if (_state == State.LineStart) return default;
        if (_state == State.Cr) Report(DataFault.BadContent);
        Count(LineEnd.Length);
        return LineEnd;
    }

    /// <summary>Deals with what follows a dot at the beginning of a line; it decides without content.</summary>
    /// <returns>How many octets were used up.</returns>
    private int SkipDot(ReadOnlySpan<byte> span)
    {
        var position = 0;
        if (_state == State.Dot && position < span.Length)
        {
            if (span[position] == '\r')
            {
                _state = State.DotCr;
                position++;
            }
            else
            {
                _state = State.InLine;
            }
        }

        if (_state != State.DotCr || position == span.Length) return position;
        if (span[position] == '\n')
        {
            IsComplete = true;
            IsEndDoubtful = _isLineEndDoubtful;
            return position + 1;
        }

        // A dot and a bare CR: no end. What follows may still be the LF of a CR CR LF.
        Report(DataFault.BadContent);
        _isBehindFault = true;
        _state = State.Cr;
        return position;
    }

    private int Step(ReadOnlySpan<byte> span, int position)
    {
        switch (_state)
        {
            case State.LineStart when span[position] == '.' && !isChunked:
                _state = State.Dot;
                return position + 1;
            case State.Cr:
                return StepBehindCr(span[position], position);
            default:
                return StepInLine(span, position);
        }
    }

    private int StepBehindCr(byte octet, int position)
    {
        if (octet == '\n')
        {
            Count(1);
            // An empty line is the end of the header section.
            if (_lineBytes == 0) _isInHeader = false;
            _lineBytes = 0;
            (_isLineEndDoubtful, _isBehindFault) = (_isBehindFault, false);
            _state = State.LineStart;
            return position + 1;
        }

        Report(DataFault.BadContent);
        _isBehindFault = true;
        if (octet == '\r') return position + 1;
        _state = State.InLine;
        return position;
    }

    private int StepInLine(ReadOnlySpan<byte> span, int position)
    {
        var stop = span[position..].IndexOfAny(Stops);
        var length = stop < 0 ? span.Length - position : stop;
        _lineBytes += length;
        if (_lineBytes > limits.LineBytes) Report(DataFault.LineTooLong);
        if (length > 0) (_state, _isBehindFault) = (State.InLine, false);
        Count(stop < 0 ? length : length + 1);
        position += length;
        if (stop < 0) return position;

        if (span[position] == '\r')
        {
            _state = State.Cr;
            return position + 1;
        }

        // A bare LF begins no line: a dot behind it must end nothing.
        Report(DataFault.BadContent);
        _isBehindFault = true;
        _lineBytes++;
        _state = State.InLine;
        return position + 1;
    }

    private void Count(int octets)
    {
        ContentBytes += octets;
        if (ContentBytes > limits.MessageBytes) Report(DataFault.MessageTooBig);
        else if (_isInHeader && ContentBytes > limits.HeaderBytes) Report(DataFault.HeaderTooBig);
    }

    private void Report(DataFault fault)
    {
        if (Fault == DataFault.None) Fault = fault;
    }
}
