using Vsmtp.Embedded.Activations;

namespace Vsmtp.Embedded.Calls;

/// <summary>One call on its way through an activation.</summary>
internal abstract class GrainCall : ITurn
{
    private Task _answer = Task.CompletedTask;

    /// <summary>What it is, for logs and messages: <c>IMailGrain.Accept</c>.</summary>
    public abstract string Name { get; }

    /// <summary>It may run while another call awaits, and another while it does.</summary>
    public abstract bool Interleaves { get; }

    /// <summary>It may run together with others that only read.</summary>
    public virtual bool IsReadOnly => false;

    /// <summary>Its end puts off the collection of the idle activation.</summary>
    public virtual bool CountsAsUse => true;

    /// <summary>When the caller no longer waits, as a time stamp of the host's clock.</summary>
    public long Deadline { get; init; } = long.MaxValue;

    /// <summary>Its caller was told that the deadline has passed.</summary>
    public bool IsOverdue { get; set; }

    /// <summary>The activation that has it; set when it is taken.</summary>
    public Activation? Activation { get; set; }

    /// <summary>Its place among the running calls of the activation, which alone uses this.</summary>
    public int Slot { get; set; }

    /// <summary>Begins the call in a turn of its activation.</summary>
    public void Run()
    {
        var activation = Activation!;
        try
        {
            _answer = Invoke(activation.GrainInstance!);
        }
        catch (Exception thrown)
        {
            _answer = Task.FromException(thrown);
        }

        if (_answer.IsCompleted) End();
        else _answer.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(End);
    }

    /// <summary>Tells the caller that there will be no answer. Does nothing when it has one.</summary>
    public abstract void Fail(Exception failure);

    /// <summary><see cref="Fail"/>, from a place that must not wait for a logger: inside a lock.</summary>
    public void FailLater(Exception failure) => ThreadPool.UnsafeQueueUserWorkItem(
        static both => both.Call.Fail(both.Failure), (Call: this, Failure: failure), preferLocal: false);

    /// <summary>Runs the body on <paramref name="grain"/>.</summary>
    protected abstract Task Invoke(object grain);

    /// <summary>Tells the caller the outcome of <paramref name="answer"/>, which is complete.</summary>
    protected abstract void Answer(Task answer);

    private void End()
    {
        var activation = Activation!;
        var failure = _answer.Exception?.InnerException;
        activation.DropIfStale(failure);
        Answer(_answer);
        activation.Ended(this);
    }
}
