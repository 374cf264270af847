using System.Collections.Concurrent;

namespace Vsmtp.Delivery.Work;

/// <summary>What <see cref="JobSet.Start"/> did.</summary>
internal enum JobStart
{
    Started,

    /// <summary>The same attempt was started before and has not ended.</summary>
    UnderWay,

    /// <summary>Too many, or the process is stopping.</summary>
    Refused,
}

/// <summary>The attempts that are under way in this process: each once, so many at most, and in order when the process stops.</summary>
internal sealed class JobSet(int maxJobs) : IDisposable
{
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(string MailId, int Attempt), Task> _jobs = new();
    private readonly ConcurrentDictionary<string, int> _attemptsOf = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _aborting = new();

    /// <summary>Cancelled when the process begins to stop: what waits for its turn gives up.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Cancelled when the time to end in order is over: what runs gives up.</summary>
    public CancellationToken Aborting => _aborting.Token;

    /// <summary>Half of all that may be are there.</summary>
    public bool IsHalfFull => _jobs.Count >= maxJobs / 2;

    /// <summary>Nothing more is taken for now.</summary>
    public bool IsFull => _stopping.IsCancellationRequested || _jobs.Count >= maxJobs;

    public bool HasAttempt(string mailId, int attempt) => _jobs.ContainsKey((mailId, attempt));

    public bool HasMail(string mailId) => _attemptsOf.ContainsKey(mailId);

    /// <summary>Starts a job unless the same attempt is under way.</summary>
    /// <param name="run">Throws nothing: there is nobody to catch it.</param>
    public JobStart Start(string mailId, int attempt, Func<Task> run)
    {
        var key = (mailId, attempt);
        if (_stopping.IsCancellationRequested) return JobStart.Refused;
        if (_jobs.ContainsKey(key)) return JobStart.UnderWay;
        if (_jobs.Count >= maxJobs) return JobStart.Refused;

        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _attemptsOf.AddOrUpdate(mailId, 1, static (_, count) => count + 1);
        if (!_jobs.TryAdd(key, RunAsync(key, start.Task, run)))
        {
            Uncount(mailId);
            return JobStart.UnderWay;
        }

        start.SetResult();
        return JobStart.Started;
    }

    /// <summary>Takes nothing more and waits for what runs, at most <paramref name="limit"/>.</summary>
    public async Task StopAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        var all = Task.WhenAll(_jobs.Values);
        try
        {
            await all.WaitAsync(limit, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            await _aborting.CancelAsync().ConfigureAwait(false);
            // What still runs is a call to a grain, which no token ends.
            await Task.WhenAny(all, Task.Delay(LastWait, time, CancellationToken.None)).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _aborting.Dispose();
    }

    /// <summary>Waits until it is in the set, so that its end cannot come before its beginning.</summary>
    private async Task RunAsync((string MailId, int Attempt) key, Task start, Func<Task> run)
    {
        await start.ConfigureAwait(false);
        try
        {
            await run().ConfigureAwait(false);
        }
        finally
        {
            _jobs.TryRemove(key, out _);
            Uncount(key.MailId);
        }
    }

    private void Uncount(string mailId)
    {
        while (_attemptsOf.TryGetValue(mailId, out var count))
        {
            if (count == 1 ? _attemptsOf.TryRemove(KeyValuePair.Create(mailId, 1)) : _attemptsOf.TryUpdate(mailId, count - 1, count)) return;
        }
    }
}
