using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl.Library;

/// <summary>Functions on values of any kind, function pointers, ranges and time (language §11.1).</summary>
internal static class GeneralLibrary
{
    private const int Any = NativeFunction.AnyCount;

    public static void AddTo(LibraryBuilder library)
    {
        library.Acting("print", 1, Kinds.Any, (caller, a) => Print(caller, a[0].ToText()));
        library.Acting("print", 0, Kinds.Any, (caller, _) => Print(caller, ""));
        library.Acting("debug", 1, Kinds.Any, (caller, a) => Print(caller, a[0].ToDebug()));
        library.Pure("to_string", 1, Kinds.Any, (caller, a) => caller.Text(a[0].ToText()));
        library.Pure("to_debug", 1, Kinds.Any, (caller, a) => caller.Text(a[0].ToDebug()));
        library.Pure("type_of", 1, Kinds.Any, (_, a) => Completion.Of(a[0].TypeName));
        library.Pure("is_shared", 1, Kinds.Any, (_, _) => Value.False);
        library.Property("tag", Kinds.Any, (_, a) => Completion.Of(a[0].Tag));
        library.Mutating("set_tag", 2, Kinds.Any, (Caller caller, ref Value s, ReadOnlySpan<Value> a) => SetTag(ref s, a[0], caller.Site));
        library.Waiting("sleep", 1, Kinds.Any, SleepAsync);
        library.Pure("contains", 2, Kinds.String | Kinds.Array | Kinds.Map | Kinds.Range | Kinds.Blob | Kinds.Host,
            (caller, a) => Operators.Contains(a[0], a[1], caller.Site));
        library.Property("len", Kinds.Host, (caller, a) => a[0].AsHost().Items is { } items
            ? Completion.Of((long)items.Count())
            : EngineError.FunctionNotFound("len", [a[0]], caller.Site));
        AddFunctions(library);
        AddRanges(library);
        library.Pure("timestamp", 0, Kinds.Any, (caller, _) => Value.FromTimestamp(Now(caller)));
        library.Property("elapsed", Kinds.Timestamp, (caller, a) =>
            Completion.Of((double)(Now(caller) - a[0].AsTimestamp()) / TimeSpan.TicksPerSecond));
    }

    private static void AddFunctions(LibraryBuilder library)
    {
        library.Pure("is_def_fn", 2, Kinds.String, (caller, a) => a[1].TryAsInteger(out var count)
            ? Completion.Of(IsFunction(caller, a[0].AsString(), count))
            : caller.WrongType(a[1], "i64"));
        library.Pure("Fn", 1, Kinds.String, (caller, a) => Completion.Of(caller.Named(a[0].AsString())));
        library.Waiting("call", Any, Kinds.Function, (caller, a) => caller.InvokeAsync(a[0].AsFunction(), null, a[1..]));
        library.Pure("curry", Any, Kinds.Function, (caller, a) =>
        {
            var function = a[0].AsFunction();
            if (caller.Budget.ChargeItems(function.Bound.Length + a.Length) is { } spent) return Completion.Fail(spent);
            return Completion.Of(new FunctionValue(function.Name, function.Callable, [.. function.Bound, .. a[1..]]));
        });
        library.Property("name", Kinds.Function, (_, a) => Completion.Of(a[0].AsFunction().Name));
        library.Property("is_anonymous", Kinds.Function, (_, a) => Completion.Of(a[0].AsFunction().IsClosure));
    }

    private static void AddRanges(LibraryBuilder library)
    {
        library.Pure("range", 2, Kinds.Integer, (caller, a) => Range(caller, a[0], a[1], 1));
        library.Pure("range", 3, Kinds.Integer, (caller, a) => Range(caller, a[0], a[1], a[2]));
        library.Property("start", Kinds.Range, (_, a) => Completion.Of(a[0].AsRange().Start));
        library.Property("end", Kinds.Range, (_, a) => Completion.Of(a[0].AsRange().End));
        library.Property("is_inclusive", Kinds.Range, (_, a) => Completion.Of(a[0].AsRange().IsInclusive));
        library.Property("is_exclusive", Kinds.Range, (_, a) => Completion.Of(!a[0].AsRange().IsInclusive));
    }

    private static Completion Range(Caller caller, in Value from, in Value to, in Value step)
    {
        if (!to.TryAsInteger(out var end)) return caller.WrongType(to, "i64");
        if (!step.TryAsInteger(out var distance)) return caller.WrongType(step, "i64");
        return distance == 0
            ? caller.Fail("The step of a range cannot be 0")
            : Completion.Of(new VslRange(from.AsInteger(), end, IsInclusive: false, distance));
    }

    /// <summary>A number that a script hangs on a value and that no operation but a copy keeps.</summary>
    public static Completion SetTag(ref Value target, in Value tag, SourceSpan span)
    {
        if (!tag.TryAsInteger(out var number)) return EngineError.WrongType(tag, "i64", span);
        if (number is < int.MinValue or > int.MaxValue)
            return EngineError.Arithmetic($"A tag is an integer of 32 bits, and {number} is none", span);
        target = target.WithTag((int)number);
        return Completion.Unit;
    }

    private static bool IsFunction(Caller caller, string name, long count) =>
        count is >= 0 and <= int.MaxValue
        && (caller.Module.Code.Functions.ContainsKey((name, (int)count)) || caller.Run.Script.Host.Root.Find(name, (int)count) is not null);

    /// <summary>Waits without a thread. A rule that slept for long would hold a connection or a mail.</summary>
    private static async ValueTask<Completion> SleepAsync(Caller caller, Value[] a)
    {
        if (!a[0].TryAsNumber(out var seconds)) return caller.WrongType(a[0], "i64 or f64");
        if (!(seconds > 0)) return Completion.Unit;
        var (budget, most) = (caller.Budget, caller.Budget.MaxSleep);
        if (seconds > most.TotalSeconds || !budget.TrySleep(TimeSpan.FromSeconds(seconds)))
            return caller.Fail($"A script may sleep for {most.TotalSeconds} s in all, and not for {a[0].ToText()} s more");
        await Task.Delay(TimeSpan.FromSeconds(seconds), caller.Run.Time, caller.Run.Cancellation).ConfigureAwait(false);
        return Completion.Unit;
    }

    private static Completion Print(Caller caller, string text)
    {
        if (caller.Budget.ChargeOutput(text.Length + 1) is { } spent) return Completion.Fail(spent);
        caller.Run.Script.Host.Output?.Invoke(new HostCall(caller.Run, caller.At), text);
        return Completion.Unit;
    }

    private static long Now(Caller caller) => caller.Run.Time.GetElapsedTime(0).Ticks;
}
