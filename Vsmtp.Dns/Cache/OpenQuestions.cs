using Vsmtp.Dns.Messages;

namespace Vsmtp.Dns.Cache;

/// <summary>Questions that are being asked: who asks the same meanwhile waits for the same answer.</summary>
internal sealed class OpenQuestions(Func<DnsQuestion, Task<DnsAnswer>> ask)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<DnsQuestion, Task<DnsAnswer>> _open = [];

    /// <summary>Asks, or waits for who has asked already.</summary>
    /// <param name="cancellationToken">Ends the wait and not the question: it is others' too, and the answer is kept for later.</param>
    public Task<DnsAnswer> AskAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_open.TryGetValue(question, out var answer)) _open[question] = answer = AskAndCloseAsync(question);
            return answer.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Waits until no question is open; what becomes of them is their callers' business.</summary>
    public async Task DrainAsync()
    {
        Task[] open;
        lock (_lock) open = [.. _open.Values];
        await Task.WhenAll(open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<DnsAnswer> AskAndCloseAsync(DnsQuestion question)
    {
        // Off the lock, under which this was begun.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            return await ask(question).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock) _open.Remove(question);
        }
    }
}
