using System.Collections.Concurrent;
using Vsmtp.Delivery;

namespace Vsmtp.Grains.Mail;

/// <summary>What this process has to do for mails that it has taken: no more is taken than it can do.</summary>
/// <remarks>
/// Rules that run hold a mail and its header section in memory, so their number is bounded. Deliveries wait in the store beyond theirs, but
/// the store is no place to fill faster than it empties: as Postfix' <c>in_flow_delay</c>, each new mail then waits a little.
/// </remarks>
public sealed class MailLoad(MailGrainOptions options, DeliveryWorker deliveries)
{
    private readonly ConcurrentQueue<TaskCompletionSource> _waiting = new();
    private int _running;

    /// <summary>New mail is to come again in a moment.</summary>
    public bool IsTooMuch => Volatile.Read(ref _running) >= options.MaxRunning;

    /// <summary>What a new mail has to wait before it is taken: the more, the more rules run beyond half of those that may.</summary>
    public TimeSpan InFlowDelay => options.InFlowDelay
        * (deliveries.IsCrowded ? 1 : Math.Clamp((2.0 * Volatile.Read(ref _running) / options.MaxRunning) - 1, 0, 1));

    /// <summary>So many rules run that no sleeping mail is to be woken: half of those that may, the other half is for new mail.</summary>
    private bool IsBusy => Volatile.Read(ref _running) >= Math.Max(1, options.MaxRunning / 2);

    /// <summary>Complete when another mail may be woken. A flood of due mails would else be in memory as a whole, each waiting for its commit.</summary>
    public async Task WhenNotBusyAsync(CancellationToken cancellationToken)
    {
        while (IsBusy)
        {
            var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(waiting);
            if (!IsBusy) return;                               // it may have ended before it could know of this
            await waiting.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Rules of a mail are run until the result is disposed.</summary>
    public IDisposable Run()
    {
        Interlocked.Increment(ref _running);
        return new Running(this);
    }

    private sealed class Running(MailLoad load) : IDisposable
    {
        private MailLoad? _load = load;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _load, null) is not { } held) return;
            Interlocked.Decrement(ref held._running);
            if (held.IsBusy) return;
            while (held._waiting.TryDequeue(out var waiting)) waiting.TrySetResult();
        }
    }
}
