using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl.Library;

/// <summary>The native functions of one name and parameter count; the receiver chooses among them.</summary>
internal sealed class OverloadSet(string name, IEnumerable<NativeFunction> functions)
{
    private const int ItemsPerStep = 16;

    private readonly NativeFunction[] _functions = [.. functions.OrderBy(f => f.Rank)];

    public string Name => name;

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
    public Completion Invoke(Caller caller, Value[] arguments)
    {
        if (caller.Budget.ChargeStep(caller.Site, Weight(arguments)) is { } spent) return Completion.Fail(spent);
        var function = Choose(arguments);
        if (function is null) return EngineError.FunctionNotFound(name, arguments, caller.Site);
        return (function.Mutating is { } mutating
            ? mutating(caller, ref OwnReceiver(caller, arguments), arguments.AsSpan(1))
            : function.Pure!(caller, arguments)).At(caller.Site);
    }

    public async ValueTask<Completion> InvokeAsync(Caller caller, Value[] arguments)
    {
        if (Choose(arguments) is not { Waiting: { } waiting }) return Invoke(caller, arguments);
        if (caller.Budget.ChargeStep(caller.Site, Weight(arguments)) is { } spent) return Completion.Fail(spent);
        var result = await waiting(caller, arguments).ConfigureAwait(false);
        return caller.Budget.CheckClock(caller.Site) is { } late ? Completion.Fail(late) : result.At(caller.Site);
    }

    /// <summary>Work on a long text or list counts as several steps.</summary>
    public static long Weight(ReadOnlySpan<Value> arguments) => arguments.IsEmpty ? 1 : 1 + (Size(arguments[0]) / ItemsPerStep);

    private static long Size(in Value value) => value.Kind switch
    {
        ValueKind.String => value.AsString().Length / 8,
        ValueKind.Array => value.AsArray().Count,
        ValueKind.Map => value.AsMap().Count,
        ValueKind.Blob => value.AsBlob().Bytes.Length / 8,
        _ => 0,
    };

    /// <summary>A receiver that is no variable: the change is made on a copy and lost.</summary>
    private static ref Value OwnReceiver(Caller caller, Value[] arguments)
    {
        Place.Own(ref arguments[0], caller.Budget);
        return ref arguments[0];
    }
}
