namespace Vsmtp.Embedded.Calls;

/// <summary>A call of a method of a grain interface.</summary>
internal abstract class MethodCall(GrainMethod method, object?[] arguments, bool interleaves) : GrainCall
{
    public override string Name => method.Name;

    public override bool Interleaves => interleaves;

    public override bool IsReadOnly => method.IsReadOnly;

    protected override Task Invoke(object grain) =>
        method.Invoke(grain, arguments)
            ?? throw new InvalidOperationException($"{method.Name} returned null where it promises a task.");
}

/// <summary>A method call whose caller waits.</summary>
internal sealed class MethodCall<TResult>(GrainMethod method, object?[] arguments, bool interleaves)
    : MethodCall(method, arguments, interleaves)
{
    // The caller goes on elsewhere, never inside the grain's turn.
    private readonly TaskCompletionSource<TResult> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TResult> Outcome => _outcome.Task;

    public override void Fail(Exception failure) => _outcome.TrySetException(failure);

    protected override void Answer(Task answer)
    {
        if (answer is Task<TResult> typed) _outcome.TrySetFromTask(typed);
        else if (answer.IsCompletedSuccessfully) _outcome.TrySetResult(default!);
        else if (answer.Exception is { } failure) _outcome.TrySetException(failure.InnerExceptions);
        else _outcome.TrySetCanceled();

        // A caller that has timed out looks at this no more.
        _ = _outcome.Task.Exception;
    }
}
