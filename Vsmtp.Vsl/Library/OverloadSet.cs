using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl.Library;

/// <summary>The native functions of one name and parameter count; the receiver chooses among them.</summary>
internal sealed class OverloadSet(string name, IEnumerable<NativeFunction> functions)
{
    private readonly NativeFunction[] _functions = [.. functions.OrderBy(f => f.Rank)];

    public string Name => name;

    /// <summary>Whether all are the language's own.</summary>
    public bool IsOwn => !Array.Exists(_functions, f => f.IsHost);

    /// <summary>
    /// Whether it is sure that the host's are called, though the language may have some of that name, too: <c>log("info", x)</c> is the
    /// host's, <c>log(8, 2)</c> a logarithm.
    /// </summary>
    /// <param name="first">Of the first argument; null: not known, or there is none.</param>
    public bool IsOfHost(ValueKind? first) =>
        Array.TrueForAll(_functions, f => f.IsHost || (first is { } kind && !f.Receivers.Has(kind)));

    /// <summary>Whether none does anything but give its result.</summary>
    public bool IsPure => IsOwn && Array.TrueForAll(_functions, f => f is { Pure: not null, Acts: false });

    public bool MayWait => Array.Exists(_functions, f => f.Waiting is not null);

    public bool MayMutate => Array.Exists(_functions, f => f.Mutates);

    /// <returns>Null: none takes such a receiver.</returns>
    public NativeFunction? Choose(ReadOnlySpan<Value> arguments)
    {
        foreach (var function in _functions)
            if (function.Takes(arguments)) return function;
        return null;
    }

    /// <summary>Calls what never waits; a mutating function changes <c>arguments[0]</c>.</summary>
    public Completion Invoke(Caller caller, Span<Value> arguments)
    {
        var function = Choose(arguments);
        if (function is null) return EngineError.FunctionNotFound(name, arguments, caller.Site);
        if (function.Charge(caller, arguments) is { } spent) return Completion.Fail(spent);
        return (function.Mutating is { } mutating
            ? mutating(caller, ref OwnReceiver(caller, arguments), arguments[1..])
            : function.Pure!(caller, arguments)).At(caller.Site);
    }

    public async ValueTask<Completion> InvokeAsync(Caller caller, Value[] arguments)
    {
        if (Choose(arguments) is not { Waiting: { } waiting } function) return Invoke(caller, arguments);
        if (function.Charge(caller, arguments) is { } spent) return Completion.Fail(spent);
        var result = await AwaitAsync(waiting, caller, arguments).ConfigureAwait(false);
        return caller.Budget.CheckClock(caller.Site) is { } late ? Completion.Fail(late) : result.At(caller.Site);
    }

    private static async ValueTask<Completion> AwaitAsync(WaitingFunction waiting, Caller caller, Value[] arguments)
    {
        try
        {
            return await waiting(caller, arguments).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (caller.Run.Cancellation.IsCancellationRequested)
        {
            return Completion.Fail(caller.Budget.Fail("Script was cancelled", caller.Site));
        }
    }

    /// <summary>A receiver that is no variable: the change is made on a copy and lost.</summary>
    private static ref Value OwnReceiver(Caller caller, Span<Value> arguments)
    {
        Place.Own(ref arguments[0], caller.Budget);
        return ref arguments[0];
    }
}
