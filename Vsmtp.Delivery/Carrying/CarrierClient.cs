using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Vsmtp.Delivery.Local;
using Vsmtp.Delivery.Work;

namespace Vsmtp.Delivery.Carrying;

/// <summary>The server's side of the carrier: a few mails at once, each by a socket of its own, so that one that waits holds up no other.</summary>
internal sealed partial class CarrierClient : IDisposable
{
    /// <summary>For each step of a mail: the mailbox's lock has 20 s of it, the rest is for a slow disk.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly LocalOutcome Gone = new LocalOutcome.Refused(Refusal.ForNow(
        "4.3.0", "the process that delivers to accounts of this machine has ended: restart the server"));

    private static readonly LocalOutcome Slow = new LocalOutcome.Refused(Refusal.ForNow(
        "4.2.0", "the account's folder does not answer"));

    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private static readonly LocalOutcome Full = new LocalOutcome.Refused(Refusal.ForNow(
        "4.3.0", "no place for deliveries to accounts of this machine is left: restart the server"));

    private readonly Socket _alive;
    private readonly ConcurrentBag<CarrierLine> _idle;
    private readonly SemaphoreSlim _turns;
    private readonly Task _watching;
    private int _lines;
    private volatile bool _hasEnded;
    private volatile bool _isDisposed;

    /// <exception cref="SocketException">The link leads nowhere.</exception>
    public CarrierClient(CarrierLink link, TimeProvider time, ILogger log)
    {
        (_time, _log) = (time, log);
        var sockets = link.Open();
        _alive = sockets[0];
        _idle = [.. sockets[1..].Select(socket => new CarrierLine(socket))];
        _lines = _idle.Count;
        _turns = new SemaphoreSlim(_lines, _lines);
        _watching = WatchAsync();
    }

    /// <exception cref="OperationCanceledException">Cancelled before the carrier had all of the mail; nothing is left of it.</exception>
    /// <remarks>
    /// What reading the message throws passes; nothing is left of the mail then, either. A carrier that takes too long with a mail that it has whole
    /// may have kept it: a repeat replaces it in a Maildir, and an mbox then has it twice.
    /// </remarks>
    public async Task<LocalOutcome> DeliverAsync(CarrierRequest request, Stream message, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (_hasEnded || !_idle.TryTake(out var line))
        {
            _turns.Release();                                  // for the next one who is to hear it
            return _hasEnded ? Gone : Full;
        }

        using var step = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        try
        {
            return await line.DeliverAsync(
                request, message, isCarriers => step.CancelAfter(isCarriers ? Patience : Timeout.InfiniteTimeSpan), step.Token, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (BrokenChannelException)
        {
            return Gone;
        }
        catch (OperationCanceledException) when (step.IsCancellationRequested)
        {
            LogSlow(request.Account, Patience);
            return Slow;
        }
        finally
        {
            GiveBack(line);
        }
    }

    /// <summary>A line that is lost takes its turn with it, but for the last one: nobody is to wait for ever.</summary>
    private void GiveBack(CarrierLine line)
    {
        if (line.IsIdle) _idle.Add(line);
        else line.Dispose();
        if (line.IsIdle || Interlocked.Decrement(ref _lines) == 0) _turns.Release();
    }

    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _alive.Dispose();
        while (_idle.TryTake(out var line)) line.Dispose();
    }

    /// <summary>The carrier says nothing by this socket; it closes when it ends.</summary>
    private async Task WatchAsync()
    {
        try
        {
            while (await _alive.ReceiveAsync(new byte[1]).ConfigureAwait(false) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // The same.
        }
        catch (ObjectDisposedException)
        {
            // The server ends.
        }

        _hasEnded = true;
        if (!_isDisposed) LogEnded();
    }

    [LoggerMessage(EventId = DeliveryEvents.CarrierEnded, Level = LogLevel.Critical,
        Message = "The process that delivers to accounts of this machine has ended: mails to them are deferred until the server is restarted")]
    private partial void LogEnded();

    [LoggerMessage(EventId = DeliveryEvents.CarrierSlow, Level = LogLevel.Error,
        Message = "The folder of {Account} has not answered for {Patience}: a place for deliveries to accounts is lost until the server is restarted")]
    private partial void LogSlow(string account, TimeSpan patience);
}
