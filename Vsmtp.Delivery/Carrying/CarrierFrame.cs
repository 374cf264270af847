using System.Buffers.Binary;

namespace Vsmtp.Delivery.Carrying;

/// <summary>The front of a frame between server and carrier: a word, then four octets with the length of what follows, the highest first.</summary>
/// <param name="Length">Octets that follow.</param>
internal readonly record struct CarrierFrame(CarrierWord Word, int Length)
{
    public const int HeadBytes = 5;

    /// <summary>Most octets that follow the head, in either direction.</summary>
    public const int MaxBytes = 32 * 1024;

    public void Write(Span<byte> head)
    {
        head[0] = (byte)Word;
        BinaryPrimitives.WriteInt32BigEndian(head[1..], Length);
    }

    /// <exception cref="BrokenChannelException">It is longer than a frame may be.</exception>
    public static CarrierFrame Read(ReadOnlySpan<byte> head)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(head[1..]);
        if (length is < 0 or > MaxBytes) throw new BrokenChannelException("a frame has no such length");
        return new CarrierFrame((CarrierWord)head[0], length);
    }
}
