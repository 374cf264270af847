namespace Vsmtp.Vsl.Library;

/// <summary>Gives a value from its arguments and changes none of them.</summary>
internal delegate Completion PureFunction(Caller caller, ReadOnlySpan<Value> arguments);

/// <summary>Changes its receiver in place; <paramref name="arguments"/> are the others.</summary>
internal delegate Completion MutatingFunction(Caller caller, ref Value self, ReadOnlySpan<Value> arguments);

/// <summary>May wait. A mutating one leaves its receiver's new value in the first argument.</summary>
internal delegate ValueTask<Completion> WaitingFunction(Caller caller, Value[] arguments);

/// <summary>One function of the library or of the host; exactly one of the three shapes.</summary>
internal sealed record NativeFunction(string Name, int ParameterCount)
{
    private const int ItemsPerStep = 16;

    /// <summary>Parameter count of a function that takes any number.</summary>
    public const int AnyCount = -1;

    public PureFunction? Pure { get; init; }

    public MutatingFunction? Mutating { get; init; }

    public WaitingFunction? Waiting { get; init; }

    /// <summary>Whether the receiver is changed, so that it must be a variable to be of any use.</summary>
    public bool Mutates { get; init; }

    /// <summary>Whether it is of use without its result: it prints, or tests a text.</summary>
    public bool Acts { get; init; }

    /// <summary>Whether <c>x.name</c> without parentheses calls it.</summary>
    public bool IsProperty { get; init; }

    /// <summary>Kinds of the first argument for which it stands.</summary>
    public Kinds Receivers { get; init; } = Kinds.Any;

    /// <summary>Type of the first argument for which it stands; null for any.</summary>
    public Type? ReceiverType { get; init; }

    /// <summary>Whether the host brought it; its arguments are shared with the host.</summary>
    public bool IsHost { get; init; }

    /// <summary>Whether its work grows with its receiver, so that a long text or list counts as several steps.</summary>
    public bool Scans { get; init; }

    /// <summary>Order in which overloads of one name and count are tried; the lowest that fits is called.</summary>
    public int Rank => ReceiverType is not null ? 0 : Receivers != Kinds.Any ? 1 : IsHost ? 2 : 3;

    public static NativeFunction Sync(string name, int parameterCount, Type? receiver, HostFunction call) =>
        new(name, parameterCount)
        {
            ReceiverType = receiver,
            IsHost = true,
            Pure = (caller, arguments) =>
            {
                foreach (ref readonly var argument in arguments) argument.Share();
                var answer = call(new HostCall(caller.Run, caller.At), arguments);
                // The host may keep what it gave, so a script that changes it changes a copy.
                answer.Value.Share();
                return answer;
            },
        };

    public static NativeFunction Async(string name, int parameterCount, Type? receiver, AsyncHostFunction call) =>
        new(name, parameterCount)
        {
            ReceiverType = receiver,
            IsHost = true,
            Waiting = async (caller, arguments) =>
            {
                foreach (var argument in arguments) argument.Share();
                var answer = await call(new HostCall(caller.Run, caller.At), arguments).ConfigureAwait(false);
                answer.Value.Share();
                return answer;
            },
        };

    public bool Takes(ReadOnlySpan<Value> arguments)
    {
        if (arguments.IsEmpty) return ReceiverType is null;
        if (ReceiverType is not null)
            return arguments[0].Kind is ValueKind.Host && ReceiverType.IsInstanceOfType(arguments[0].AsHost());
        return Receivers.Has(arguments[0].Kind);
    }

    public ScriptError? Charge(Caller caller, ReadOnlySpan<Value> arguments) =>
        caller.Budget.ChargeStep(caller.Site, Scans && !arguments.IsEmpty ? 1 + ScanSteps(arguments[0]) : 1);

    /// <summary>Steps that looking through a text or list counts for; 0 for a short one.</summary>
    public static long ScanSteps(in Value value) => Size(value) / ItemsPerStep;

    private static long Size(in Value value) => value.Kind switch
    {
        ValueKind.String => value.AsString().Length / 8,
        ValueKind.Array => value.AsArray().Count,
        ValueKind.Map => value.AsMap().Count,
        ValueKind.Blob => value.AsBlob().Bytes.Length / 8,
        _ => 0,
    };
}
