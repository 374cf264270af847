namespace Vsmtp.Vsl.Evaluation;

/// <summary>Runs one bound node; never waits.</summary>
internal delegate Completion Evaluate(Frame frame);

/// <summary>Runs one bound node under which something may wait.</summary>
internal delegate ValueTask<Completion> EvaluateAsync(Frame frame);

/// <summary>A compiled node in exactly one of the two shapes.</summary>
internal readonly struct Code
{
    private Code(Evaluate? sync, EvaluateAsync? async)
    {
        Sync = sync;
        Async = async;
    }

    /// <summary>Null: the node may wait.</summary>
    public Evaluate? Sync { get; }

    public EvaluateAsync? Async { get; }

    public bool MayWait => Sync is null;

    public static implicit operator Code(Evaluate sync) => new(sync, null);

    public static implicit operator Code(EvaluateAsync async) => new(null, async);

    public static Code Of(Evaluate sync) => new(sync, null);

    public static Code Waiting(EvaluateAsync async) => new(null, async);

    public static Code Constant(Value value)
    {
        var completion = Completion.Of(value);
        return Of(_ => completion);
    }

    /// <summary>Either shape from a node that is under a waiting one.</summary>
    public ValueTask<Completion> RunAsync(Frame frame) => Sync is null ? Async!(frame) : new(Sync(frame));
}
