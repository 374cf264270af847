using Orleans;
using Orleans.Concurrency;

namespace Vsmtp.GrainHost.Contract.Grains;

/// <summary>Calls that wait for one another.</summary>
[Alias("test.meeting")]
public interface IMeetingGrain : IGrainWithStringKey
{
    /// <summary>Ends once so many calls of it run at the same time.</summary>
    [Alias("meet")]
    Task Meet(int guests);
}

[Reentrant]
public sealed class MeetingGrain : Grain, IMeetingGrain
{
    private readonly TaskCompletionSource _full = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _present;

    public async Task Meet(int guests)
    {
        if (++_present == guests) _full.SetResult();
        await _full.Task;
    }
}
