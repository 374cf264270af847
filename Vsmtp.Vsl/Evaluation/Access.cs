using Vsmtp.Vsl.Library;

namespace Vsmtp.Vsl.Evaluation;

/// <summary>Reads of properties and elements.</summary>
/// <remarks>The results are borrowed: whoever keeps one marks it shared.</remarks>
internal static class Access
{
    /// <param name="getters">One-parameter native functions of that name; null when there are none.</param>
    public static Completion Property(Frame frame, in Value target, string name, OverloadSet? getters, Site site)
    {
        ref readonly var span = ref site.Span;
        if (target.TryAsMap(out var map)) return Entry(map, name);
        var caller = new Caller(frame.Run, frame.Module, site);
        if (TryHostProperty(caller, target, name, out var value)) return value.At(span);
        if (Getter(getters, target) is not { Pure: { } getter } function) return EngineError.PropertyNotFound(name, target, span);
        if (function.Scans && function.Charge(caller, [target]) is { } spent) return Completion.Fail(spent);
        return getter(caller, [target]).At(span);
    }

    /// <summary>As <see cref="Property"/>, for names whose getter may wait.</summary>
    public static ValueTask<Completion> PropertyAsync(
        Frame frame, Value target, string name, OverloadSet getters, Site site)
    {
        var caller = new Caller(frame.Run, frame.Module, site);
        if (target.Kind is ValueKind.Host && TryHostProperty(caller, target, name, out var value)) return new(value.At(site.Span));
        return Getter(getters, target) is { Waiting: not null }
            ? getters.InvokeAsync(caller, [target])
            : new(Property(frame, target, name, getters, site));
    }

    /// <summary>As the other, with the steps that finding a character of a long text costs.</summary>
    public static Completion Index(Frame frame, in Value target, in Value index, in SourceSpan span) =>
        target.Kind is ValueKind.String && frame.Budget.ChargeStep(span, NativeFunction.ScanSteps(target)) is { } spent
            ? Completion.Fail(spent)
            : Index(target, index, span);

    public static Completion Index(in Value target, in Value index, in SourceSpan span) => target.Kind switch
    {
        ValueKind.Array => Item(target.AsArray(), index, span),
        ValueKind.Map => index.TryAsString(out var key)
            ? Entry(target.AsMap(), key)
            : EngineError.WrongType(index, "string", span),
        ValueKind.String => Character(target.AsString(), index, span),
        ValueKind.Blob => Byte(target.AsBlob(), index, span),
        ValueKind.Integer => Bits(target.AsInteger(), index, span),
        ValueKind.Host when target.AsHost().TryGetItem(index, out var item) => Shared(item).At(span),
        _ => EngineError.NotIndexable(target, index, span),
    };

    private static bool TryHostProperty(Caller caller, in Value target, string name, out Completion value)
    {
        value = default;
        if (target.Kind is not ValueKind.Host) return false;
        var found = target.AsHost().TryGetProperty(name, new HostCall(caller.Run, caller.At), out value);
        value = Shared(value);
        return found;
    }

    /// <summary>What the host may keep as well.</summary>
    private static Completion Shared(in Completion item)
    {
        item.Value.Share();
        return item;
    }

    private static NativeFunction? Getter(OverloadSet? getters, in Value target)
    {
        var function = getters?.Choose([target]);
        return function is { Mutates: false } && (function.IsProperty || (function.IsHost && target.Kind is ValueKind.Host))
            ? function
            : null;
    }

    private static Completion Entry(VslMap map, string key)
    {
        var at = map.Find(key);
        return at >= 0 ? map.At(at) : Completion.Unit;
    }

    private static Completion Item(VslArray array, in Value index, in SourceSpan span)
    {
        if (!index.TryAsInteger(out var number)) return EngineError.WrongType(index, "i64", span);
        return Indexing.TryResolve(number, array.Count, out var at)
            ? Completion.Of(array.Span[at])
            : EngineError.OutOfBounds("Array", number, array.Count, span);
    }

    private static Completion Character(string text, in Value index, in SourceSpan span)
    {
        if (!index.TryAsInteger(out var number)) return EngineError.WrongType(index, "i64", span);
        return Indexing.TryCharacter(text, number, out _, out var character)
            ? Completion.Of(character)
            : EngineError.OutOfBounds("String", number, Indexing.Length(text), span);
    }

    private static Completion Byte(VslBlob blob, in Value index, in SourceSpan span)
    {
        if (!index.TryAsInteger(out var number)) return EngineError.WrongType(index, "i64", span);
        return Indexing.TryResolve(number, blob.Bytes.Length, out var at)
            ? Completion.Of((long)blob.Bytes.Span[at])
            : EngineError.OutOfBounds("Array", number, blob.Bytes.Length, span);
    }

    private static Completion Bits(long number, in Value index, in SourceSpan span)
    {
        if (index.Kind is ValueKind.Range) return NumberLibrary.BitRange(number, index.AsRange(), span);
        if (!index.TryAsInteger(out var bit)) return EngineError.WrongType(index, "i64", span);
        return Indexing.TryResolve(bit, 64, out var at)
            ? Completion.Of(((number >> at) & 1) != 0)
            : EngineError.OutOfBounds("Bit", bit, 64, span);
    }
}
