using Orleans;
using Orleans.Concurrency;

namespace Vsmtp.GrainHost.Contract.Grains;

/// <summary>Has several activations under one key.</summary>
[Alias("test.worker")]
public interface IWorkerGrain : IGrainWithStringKey
{
    /// <summary>Waits for the gate; gives the number of the activation that did.</summary>
    [Alias("work")]
    Task<int> Work(string gate);
}

[StatelessWorker(3)]
public sealed class WorkerGrain(Witness witness) : Grain, IWorkerGrain
{
    private int _number;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _number = witness.Tell("worker");
        return Task.CompletedTask;
    }

    public async Task<int> Work(string gate)
    {
        witness.Tell("working");
        await witness.Gate(gate).Task;
        return _number;
    }
}
