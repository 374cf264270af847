using Orleans.Runtime;

namespace Vsmtp.Embedded.Activations;

/// <summary>Runs the turns of one activation, one at a time and in order, on threads of the pool.</summary>
/// <remarks>A turn runs inside a task of this scheduler, which is why an <c>await</c> in a grain comes back to it.</remarks>
internal sealed class ActivationScheduler(IGrainContext activation) : TaskScheduler, IThreadPoolWorkItem
{
    /// <summary>After so many turns the thread serves others first.</summary>
    private const int TurnsPerSlice = 64;

    [ThreadStatic]
    private static ActivationScheduler? _running;

    private readonly Lock _gate = new();
    private readonly Queue<object> _turns = new();   // of Task (a continuation) or ITurn
    private bool _isScheduled;

    public override int MaximumConcurrencyLevel => 1;

    public void Add(ITurn turn) => Enqueue(turn);

    protected override void QueueTask(Task task) => Enqueue(task);

    /// <summary>A continuation of this activation that becomes ready in one of its own turns may go on at once.</summary>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && _running == this && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate) return [.. _turns.OfType<Task>()];
    }

    void IThreadPoolWorkItem.Execute()
    {
        _running = this;
        RuntimeContext.Current = activation;
        try
        {
            for (var turns = 0; turns < TurnsPerSlice; turns++)
            {
                if (!TryDequeue(out var turn)) return;

                // The task is made here and not where the call came from: it must not see the caller's execution context.
                if (turn is Task task) TryExecuteTask(task);
                else new Task(static begun => ((ITurn)begun!).Run(), turn).RunSynchronously(this);
            }
        }
        finally
        {
            RuntimeContext.Current = null;
            _running = null;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void Enqueue(object turn)
    {
        lock (_gate)
        {
            _turns.Enqueue(turn);
            if (_isScheduled) return;
            _isScheduled = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    private bool TryDequeue([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out object? turn)
    {
        lock (_gate)
        {
            if (_turns.TryDequeue(out turn)) return true;
            _isScheduled = false;
            return false;
        }
    }
}
