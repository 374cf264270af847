using System.Buffers;

namespace Vsmtp.Gateway.Tests.Proxying;

/// <summary>Bytes in a row of buffers, as a pipe hands them out.</summary>
internal sealed class Cuts : ReadOnlySequenceSegment<byte>
{
    private Cuts(ReadOnlyMemory<byte> memory, long runningIndex) => (Memory, RunningIndex) = (memory, runningIndex);

    /// <param name="at">Where it is cut, in order; the same place twice makes an empty buffer.</param>
    public static ReadOnlySequence<byte> Of(ReadOnlyMemory<byte> bytes, params IEnumerable<int> at)
    {
        Cuts? first = null, last = null;
        var from = 0;
        foreach (var to in at.Append(bytes.Length))
        {
            var next = new Cuts(bytes[from..to], from);
            if (last is not null) last.Next = next;
            first ??= next;
            (last, from) = (next, to);
        }

        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }
}
