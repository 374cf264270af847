using System.Net.Sockets;
using Vsmtp.Delivery.Local;

namespace Vsmtp.Delivery.Carrying;

/// <summary>The server's end of one socket to the carrier. Not thread-safe.</summary>
internal sealed class CarrierLine(Socket socket) : IDisposable
{
    private readonly byte[] _out = new byte[CarrierFrame.HeadBytes + CarrierFrame.MaxBytes];
    private readonly byte[] _in = new byte[CarrierFrame.HeadBytes + CarrierFrame.MaxBytes];

    /// <summary>No mail is under way, and another can go.</summary>
    public bool IsIdle { get; private set; } = true;

    /// <param name="alive">Called whenever a step is done.</param>
    /// <exception cref="BrokenChannelException">The carrier has gone.</exception>
    public async Task<LocalOutcome> DeliverAsync(CarrierRequest request, Stream message, Action alive, CancellationToken cancellationToken)
    {
        IsIdle = false;
        var asked = request.ToBytes();
        asked.CopyTo(_out, CarrierFrame.HeadBytes);
        await SendAsync(CarrierWord.Request, asked.Length, cancellationToken).ConfigureAwait(false);
        var first = await ReceiveAsync(cancellationToken).ConfigureAwait(false);
        alive();
        if (first.Word is not CarrierWord.Go) return OutcomeOf(first);
        int count;
        while ((count = await ReadAsync(message, cancellationToken).ConfigureAwait(false)) > 0)
        {
            await SendAsync(CarrierWord.Chunk, count, cancellationToken).ConfigureAwait(false);
            alive();
        }

        await SendAsync(CarrierWord.End, 0, cancellationToken).ConfigureAwait(false);
        return OutcomeOf(await ReceiveAsync(cancellationToken).ConfigureAwait(false));
    }

    public void Dispose() => socket.Dispose();

    private LocalOutcome OutcomeOf(CarrierFrame frame)
    {
        var outcome = CarrierAnswer.Parse(frame.Word, _in.AsSpan(CarrierFrame.HeadBytes, frame.Length));
        IsIdle = true;
        return outcome;
    }

    /// <summary>The store may fail in the midst of a message.</summary>
    private async ValueTask<int> ReadAsync(Stream message, CancellationToken cancellationToken)
    {
        try
        {
            return await message.ReadAsync(_out.AsMemory(CarrierFrame.HeadBytes), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            await SendAsync(CarrierWord.GiveUp, 0, cancellationToken).ConfigureAwait(false);
            IsIdle = true;
            throw;
        }
    }

    private async Task SendAsync(CarrierWord word, int length, CancellationToken cancellationToken)
    {
        new CarrierFrame(word, length).Write(_out);
        try
        {
            for (var rest = _out.AsMemory(0, CarrierFrame.HeadBytes + length); !rest.IsEmpty;)
                rest = rest[await socket.SendAsync(rest, cancellationToken).ConfigureAwait(false)..];
        }
        catch (SocketException fault)
        {
            throw new BrokenChannelException("the carrier has gone", fault);
        }
    }

    private async Task<CarrierFrame> ReceiveAsync(CancellationToken cancellationToken)
    {
        await FillAsync(_in.AsMemory(0, CarrierFrame.HeadBytes), cancellationToken).ConfigureAwait(false);
        var frame = CarrierFrame.Read(_in);
        await FillAsync(_in.AsMemory(CarrierFrame.HeadBytes, frame.Length), cancellationToken).ConfigureAwait(false);
        return frame;
    }

    private async Task FillAsync(Memory<byte> space, CancellationToken cancellationToken)
    {
        try
        {
            while (!space.IsEmpty)
            {
                var count = await socket.ReceiveAsync(space, cancellationToken).ConfigureAwait(false);
                if (count == 0) throw new BrokenChannelException("the carrier has gone");
                space = space[count..];
            }
        }
        catch (SocketException fault)
        {
            throw new BrokenChannelException("the carrier has gone", fault);
        }
    }
}
