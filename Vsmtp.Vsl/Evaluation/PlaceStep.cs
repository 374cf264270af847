using Vsmtp.Vsl.Library;

namespace Vsmtp.Vsl.Evaluation;

/// <summary>One step of a <see cref="Place"/>: a property, or an index whose value is among the evaluated keys.</summary>
/// <param name="Property">Null for an index.</param>
/// <param name="Key">Which of the keys it is; unused for a property.</param>
/// <param name="Getters">Native functions that may answer for the property.</param>
internal sealed record PlaceStep(string? Property, int Key, OverloadSet? Getters, Site Site)
{
    private ref readonly SourceSpan Span => ref Site.Span;

    public Completion Read(Frame frame, in Value target, ReadOnlySpan<Value> keys) =>
        Property is not null
            ? Access.Property(frame, target, Property, Getters, Site)
            : Access.Index(frame, target, keys[Key], Span);

    public ref Value Descend(Frame frame, ref Value target, ReadOnlySpan<Value> keys, ref Value scratch, out Completion failure)
    {
        failure = Completion.Unit;
        if (target.TryAsMap(out var map) && TryKey(keys, out var name))
        {
            var at = map.Find(name);
            if (at >= 0) return ref map.At(at);
        }
        else if (Property is null && target.TryAsArray(out var array) && keys[Key].TryAsInteger(out var index)
            && Indexing.TryResolve(index, array.Count, out var position))
        {
            return ref array.At(position);
        }

        failure = Read(frame, target, keys);
        scratch = failure.Value;
        return ref scratch;
    }

    public Completion Write(Frame frame, ref Value target, ReadOnlySpan<Value> keys, in Value value)
    {
        if (Place.Own(ref target, frame.Budget) is { } spent) return Completion.Fail(spent).At(Span);
        if (target.TryAsMap(out var map))
            return TryKey(keys, out var name) ? Put(frame, map, name, value) : EngineError.WrongType(keys[Key], "string", Span);
        if (Property is "tag") return GeneralLibrary.SetTag(ref target, value, Span);
        if (Property is not null) return EngineError.PropertyNotFound(Property, target, Span);
        var key = keys[Key];
        if (!key.TryAsInteger(out var index)) return EngineError.NotIndexable(target, key, Span);
        return target.Kind switch
        {
            ValueKind.Array => PutItem(target.AsArray(), index, value),
            ValueKind.String => PutCharacter(frame, ref target, index, value),
            ValueKind.Integer => PutBit(ref target, index, value),
            ValueKind.Blob => PutByte(frame, ref target, index, value),
            _ => EngineError.NotIndexable(target, key, Span),
        };
    }

    private bool TryKey(ReadOnlySpan<Value> keys, out string name)
    {
        name = Property ?? (keys[Key].TryAsString(out var text) ? text : "");
        return Property is not null || keys[Key].Kind is ValueKind.String;
    }

    private Completion Put(Frame frame, VslMap map, string name, in Value value)
    {
        if (map.Find(name) < 0 && frame.Budget.ChargeItems(2) is { } spent) return Completion.Fail(spent).At(Span);
        map.Set(name, value);
        return Completion.Unit;
    }

    private Completion PutItem(VslArray array, long index, in Value value)
    {
        if (!Indexing.TryResolve(index, array.Count, out var at))
            return EngineError.OutOfBounds("Array", index, array.Count, Span);
        array.At(at) = value;
        return Completion.Unit;
    }

    private Completion PutCharacter(Frame frame, ref Value target, long index, in Value value)
    {
        if (value.Kind is not ValueKind.Character) return EngineError.WrongType(value, "char", Span);
        var text = target.AsString();
        if (!Indexing.TryCharacter(text, index, out var at, out var old))
            return EngineError.OutOfBounds("String", index, Indexing.Length(text), Span);
        if (frame.Budget.ChargeBytes(2L * text.Length) is { } spent) return Completion.Fail(spent).At(Span);
        target = string.Concat(text.AsSpan(0, at), value.ToText(), text.AsSpan(at + old.Utf16SequenceLength));
        return Completion.Unit;
    }

    private Completion PutBit(ref Value target, long index, in Value value)
    {
        if (!value.TryAsBoolean(out var bit)) return EngineError.WrongType(value, "bool", Span);
        if (!Indexing.TryResolve(index, 64, out var at)) return EngineError.OutOfBounds("Bit", index, 64, Span);
        var mask = 1L << at;
        target = bit ? target.AsInteger() | mask : target.AsInteger() & ~mask;
        return Completion.Unit;
    }

    private Completion PutByte(Frame frame, ref Value target, long index, in Value value)
    {
        if (!value.TryAsInteger(out var number)) return EngineError.WrongType(value, "i64", Span);
        var bytes = target.AsBlob().Bytes;
        if (!Indexing.TryResolve(index, bytes.Length, out var at))
            return EngineError.OutOfBounds("Array", index, bytes.Length, Span);
        if (frame.Budget.ChargeBytes(bytes.Length) is { } spent) return Completion.Fail(spent).At(Span);
        var copy = bytes.ToArray();
        copy[at] = (byte)number;
        target = new VslBlob(copy);
        return Completion.Unit;
    }
}
