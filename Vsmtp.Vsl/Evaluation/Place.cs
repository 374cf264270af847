namespace Vsmtp.Vsl.Evaluation;

/// <summary>Something that can be assigned to: a variable or <c>this</c>, and steps into its arrays and maps.</summary>
/// <param name="RootSlot">Slot of the variable; -1 for <c>this</c>.</param>
/// <param name="RootName">For error texts.</param>
internal sealed record Place(int RootSlot, string RootName, bool IsConstant, PlaceStep[] Steps, SourceSpan Span)
{
    /// <summary>Makes a container the holder's own before it is changed: copies it if somebody else holds it too.</summary>
    public static ScriptError? Own(ref Value value, Budget budget)
    {
        if (value.TryAsArray(out var array) && array.IsShared)
        {
            if (budget.ChargeItems(array.Count) is { } spent) return spent;
            value = array.Copy();
        }
        else if (value.TryAsMap(out var map) && map.IsShared)
        {
            if (budget.ChargeItems(map.Count) is { } spent) return spent;
            value = map.Copy();
        }

        return null;
    }

    /// <summary>Reads the place without keeping it; missing keys of a map are unit.</summary>
    public Completion Peek(Frame frame, ReadOnlySpan<Value> keys)
    {
        if (RootSlot < 0 && frame.Receiver is null) return EngineError.UnboundThis(Span);
        var value = Root(frame);
        for (var i = 0; i < Steps.Length; i++)
        {
            var next = Steps[i].Read(frame, value, keys);
            if (!next.IsValue) return next;
            value = next.Value;
        }

        return value;
    }

    public Completion Set(Frame frame, ReadOnlySpan<Value> keys, in Value value)
    {
        Value scratch = default;
        ref var target = ref Find(frame, keys, Math.Max(0, Steps.Length - 1), ref scratch, out var failure);
        if (!failure.IsValue) return failure;
        if (Steps.Length > 0) return Steps[^1].Write(frame, ref target, keys, value);
        target = value;
        return Completion.Unit;
    }

    /// <summary>The whole place, ready for a change in place.</summary>
    /// <param name="scratch">Stands in for a place that is not there or is computed: a change of it is lost.</param>
    public ref Value Find(Frame frame, ReadOnlySpan<Value> keys, ref Value scratch, out Completion failure)
    {
        ref var target = ref Find(frame, keys, Steps.Length, ref scratch, out failure);
        if (failure.IsValue && Own(ref target, frame.Budget) is { } spent) failure = Completion.Fail(spent).At(Span);
        return ref target;
    }

    private ref Value Find(Frame frame, ReadOnlySpan<Value> keys, int steps, ref Value scratch, out Completion failure)
    {
        failure = Check(frame);
        if (!failure.IsValue) return ref scratch;
        if (frame.Receiver is { } receiver && RootSlot < 0) receiver.IsChanged = true;
        ref var target = ref scratch;
        target = ref Root(frame);
        for (var i = 0; i < steps && failure.IsValue; i++)
        {
            if (Own(ref target, frame.Budget) is { } spent) failure = Completion.Fail(spent).At(Span);
            else target = ref Steps[i].Descend(frame, ref target, keys, ref scratch, out failure);
        }

        return ref target;
    }

    private Completion Check(Frame frame)
    {
        if (IsConstant) return EngineError.ConstantChanged(RootName, Span);
        return RootSlot < 0 && frame.Receiver is null ? EngineError.UnboundThis(Span) : Completion.Unit;
    }

    private ref Value Root(Frame frame)
    {
        if (RootSlot < 0) return ref frame.Receiver!.Value;
        return ref frame.Slots[RootSlot];
    }
}
