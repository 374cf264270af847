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

    /// <param name="begin">Called when the carrier's next step begins; and with false when it is the store's turn.</param>
    /// <param name="step">The carrier takes too long for a step.</param>
    /// <param name="cancellationToken">The caller's. Behind the message's end the carrier keeps it whatever we do, so that its answer is waited for.</param>
    /// <exception cref="BrokenChannelException">The carrier has gone.</exception>
    public async Task<LocalOutcome> DeliverAsync(
        CarrierRequest request, Stream message, Action<bool> begin, CancellationToken step, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(step, cancellationToken);
        begin(true);
        if (await SendAsync(request, message, begin, either.Token, cancellationToken).ConfigureAwait(false) is { } refused) return refused;
        await SendAsync(CarrierWord.End, 0, step).ConfigureAwait(false);
        return OutcomeOf(await ReceiveAsync(step).ConfigureAwait(false));
    }

    public void Dispose() => socket.Dispose();

    /// <returns>Null: the carrier has the whole message.</returns>
    private async Task<LocalOutcome?> SendAsync(
        CarrierRequest request, Stream message, Action<bool> begin, CancellationToken either, CancellationToken cancellationToken)
    {
        IsIdle = false;
        var asked = request.ToBytes();
        asked.CopyTo(_out, CarrierFrame.HeadBytes);
        await SendAsync(CarrierWord.Request, asked.Length, either).ConfigureAwait(false);
        var first = await ReceiveAsync(either).ConfigureAwait(false);
        if (first.Word is not CarrierWord.Go) return OutcomeOf(first);
        while (true)
        {
            begin(false);
            var count = await ReadAsync(message, () => begin(true), either, cancellationToken).ConfigureAwait(false);
            begin(true);
            if (count == 0) return null;
            await SendAsync(CarrierWord.Chunk, count, either).ConfigureAwait(false);
        }
    }

    private LocalOutcome OutcomeOf(CarrierFrame frame)
    {
        var outcome = CarrierAnswer.Parse(frame.Word, _in.AsSpan(CarrierFrame.HeadBytes, frame.Length));
        IsIdle = true;
        return outcome;
    }

    /// <summary>The store may fail in the midst of a message.</summary>
    private async ValueTask<int> ReadAsync(Stream message, Action begin, CancellationToken either, CancellationToken cancellationToken)
    {
        try
        {
            return await message.ReadAsync(_out.AsMemory(CarrierFrame.HeadBytes), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            begin();
            await SendAsync(CarrierWord.GiveUp, 0, either).ConfigureAwait(false);
            _ = OutcomeOf(await ReceiveAsync(either).ConfigureAwait(false));
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
