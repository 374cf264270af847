using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Vsmtp.Embedded.Calls;

/// <summary>A method with the result <typeparamref name="TResult"/>.</summary>
internal abstract class GrainMethodOf<TResult>(MethodInfo method) : GrainMethod(method)
{
    public override (GrainCall Call, object Outcome) Begin(object?[] arguments, bool interleaves, long deadline, ILogger logger)
    {
        if (IsOneWay) return (new OneWayCall(this, arguments, interleaves, logger) { Deadline = deadline }, Shape(OneWayOutcome));
        var call = new MethodCall<TResult>(this, arguments, interleaves) { Deadline = deadline };
        return (call, Shape(call.Outcome));
    }

    public override object Failed(Exception failure) => Shape(Task.FromException<TResult>(failure));

    /// <summary>The outcome in the type that the method declares.</summary>
    protected abstract object Shape(Task<TResult> outcome);

    private static Task<TResult> OneWayOutcome => Task.FromResult<TResult>(default!);
}

internal class TaskMethod<TResult>(MethodInfo method) : GrainMethodOf<TResult>(method)
{
    protected override object Shape(Task<TResult> outcome) => outcome;
}

internal sealed class TaskMethod(MethodInfo method) : TaskMethod<object?>(method);

internal sealed class ValueTaskMethod<TResult>(MethodInfo method) : GrainMethodOf<TResult>(method)
{
    protected override object Shape(Task<TResult> outcome) => new ValueTask<TResult>(outcome);
}

internal sealed class ValueTaskMethod(MethodInfo method) : GrainMethodOf<object?>(method)
{
    protected override object Shape(Task<object?> outcome) => new ValueTask(outcome);
}
