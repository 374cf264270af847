namespace Vsmtp.EndToEnd.Tests.Killing;

/// <summary>Stops the world at the first mail that comes to a moment: who is there waits until the server is dead.</summary>
internal sealed class KillSwitch
{
    private Armed? _armed;

    /// <summary>Waits for a mail to come to the moment, and gives what is to be called when the server is dead.</summary>
    public async Task<Action> ReachAsync(KillMoment moment, TimeSpan patience)
    {
        var armed = new Armed(moment);
        Volatile.Write(ref _armed, armed);
        await armed.Reached.Task.WaitAsync(patience);
        return armed.Dead.SetResult;
    }

    /// <summary>Says that a mail is at a moment.</summary>
    /// <returns>Null: go on. Else the server is about to be killed; the task ends when it is dead.</returns>
    public Task? At(KillMoment moment)
    {
        var armed = Volatile.Read(ref _armed);
        if (armed?.Moment != moment || Interlocked.CompareExchange(ref _armed, null, armed) != armed) return null;
        armed.Reached.SetResult();
        return armed.Dead.Task;
    }

    private sealed record Armed(KillMoment Moment)
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Dead { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
