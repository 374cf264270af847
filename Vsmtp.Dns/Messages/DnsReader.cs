using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Vsmtp.Dns.Names;

namespace Vsmtp.Dns.Messages;

/// <summary>Takes numbers, octets and names off a message; says false where it ends too early, and never throws.</summary>
internal ref struct DnsReader(ReadOnlySpan<byte> message)
{
    // Without it, pointers to pointers would be followed for as long as the message has room.
    private const int MaxPointers = 64;

    private readonly ReadOnlySpan<byte> _message = message;
    private int _end = message.Length;

    /// <summary>Octets from the front of the message.</summary>
    public int Position { get; private set; }

    public readonly bool IsAtEnd => Position == _end;

    public bool TryReadByte(out byte value)
    {
        value = 0;
        if (!TryReadBytes(1, out var octets)) return false;
        value = octets[0];
        return true;
    }

    public bool TryReadUInt16(out ushort value) =>
        TryReadBytes(2, out var octets) & BinaryPrimitives.TryReadUInt16BigEndian(octets, out value);

    public bool TryReadUInt32(out uint value) =>
        TryReadBytes(4, out var octets) & BinaryPrimitives.TryReadUInt32BigEndian(octets, out value);

    public bool TryReadBytes(int count, out ReadOnlySpan<byte> octets)
    {
        octets = default;
        if (count > _end - Position) return false;
        octets = _message.Slice(Position, count);
        Position += count;
        return true;
    }

    /// <summary>Everything up to the end.</summary>
    public ReadOnlySpan<byte> ReadRest()
    {
        var rest = _message[Position.._end];
        Position = _end;
        return rest;
    }

    /// <summary>
    /// Takes off the next <paramref name="count"/> octets as a part with an end of its own; names in it may still point to what
    /// stands before it in the message (RFC 1035 §4.1.4).
    /// </summary>
    public bool TryReadPart(int count, out DnsReader part)
    {
        part = this;
        if (count > _end - Position) return false;
        part._end = Position + count;
        Position += count;
        return true;
    }

    /// <summary>Reads a name, following pointers; these lead to the front only, so the reading ends (RFC 1035 §4.1.4).</summary>
    public bool TryReadName([NotNullWhen(true)] out DnsName? name)
    {
        name = null;
        Span<byte> wire = stackalloc byte[DnsName.MaxBytes];
        var (at, end, begin, written, pointers) = (Position, _end, Position, 0, 0);
        while (at < end)
        {
            int length = _message[at];
            if (length < 0x40)
            {
                if (at + 1 + length > end || written + 1 + length > wire.Length) return false;
                _message.Slice(at, 1 + length).CopyTo(wire[written..]);
                written += 1 + length;
                at += 1 + length;
                if (length > 0) continue;
                if (pointers == 0) Position = at;
                name = new DnsName(wire[..written]);
                return true;
            }

            // 01 and 10 are no kinds of labels any more (RFC 6891 §5).
            if (length < 0xC0 || at + 2 > end || ++pointers > MaxPointers) return false;
            var target = BinaryPrimitives.ReadUInt16BigEndian(_message[at..]) & 0x3FFF;
            if (target >= begin) return false;
            if (pointers == 1) Position = at + 2;
            (at, end, begin) = (target, begin, target);
        }

        return false;
    }
}
