using Vsmtp.Vsl.Syntax;
using Vsmtp.Vsl.Values;

namespace Vsmtp.Vsl.Evaluation;

/// <summary>What the binary operators do with two values (language §4). Without a budget only constants are folded.</summary>
internal static partial class Operators
{
    public static Completion Apply(BinaryOperator operation, in Value left, in Value right, Budget? budget, in SourceSpan span) =>
        operation switch
        {
            BinaryOperator.Add => Add(left, right, budget, span),
            BinaryOperator.Subtract => Subtract(left, right, budget, span),
            BinaryOperator.Multiply or BinaryOperator.Divide or BinaryOperator.Remainder or BinaryOperator.Power =>
                Arithmetic(operation, left, right, span),
            BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight => Shift(operation, left, right, span),
            BinaryOperator.BitAnd or BinaryOperator.BitOr or BinaryOperator.Xor => Bitwise(operation, left, right, span),
            BinaryOperator.Equal => Completion.Of(ValueEquality.AreEqual(left, right)),
            BinaryOperator.NotEqual => Completion.Of(!ValueEquality.AreEqual(left, right)),
            BinaryOperator.In => Contains(right, left, span),
            BinaryOperator.NotIn => Not(Contains(right, left, span)),
            BinaryOperator.Range or BinaryOperator.RangeInclusive => Range(operation, left, right, span),
            _ => Completion.Of(Compare(operation, left, right)),
        };

    /// <summary><c>item in container</c>.</summary>
    public static Completion Contains(in Value container, in Value item, in SourceSpan span)
    {
        switch (container.Kind)
        {
            case ValueKind.String when item.Kind is ValueKind.String or ValueKind.Character:
                return Completion.Of(container.AsString().Contains(item.ToText(), StringComparison.Ordinal));
            case ValueKind.Array:
                foreach (ref readonly var member in container.AsArray().Span)
                    if (ValueEquality.AreEqual(member, item)) return Value.True;
                return Value.False;
            case ValueKind.Map:
                return item.TryAsString(out var key)
                    ? Completion.Of(container.AsMap().ContainsKey(key))
                    : EngineError.WrongType(item, "string", span);
            case ValueKind.Range when item.TryAsInteger(out var number):
                return Completion.Of(container.AsRange().Contains(number));
            case ValueKind.Blob when item.TryAsInteger(out var octet):
                return Completion.Of(octet is >= 0 and <= 255 && container.AsBlob().Bytes.Span.Contains((byte)octet));
            case ValueKind.Host when container.AsHost().Contains(item) is { } answer:
                return answer.At(span);
            default:
                return EngineError.FunctionNotFound("contains", [container, item], span);
        }
    }

    /// <summary>Numbers, texts and timestamps have an order; everything else, and every mixture, is false.</summary>
    private static bool Compare(BinaryOperator operation, in Value left, in Value right)
    {
        if (left.Kind is ValueKind.Float || right.Kind is ValueKind.Float)
            return left.TryAsNumber(out var x) && right.TryAsNumber(out var y) && Numbers(operation, x, y);
        int order;
        if (left.Kind is ValueKind.Integer && right.Kind is ValueKind.Integer)
            order = left.AsInteger().CompareTo(right.AsInteger());
        else if (IsText(left) && IsText(right)) order = CodePointComparer.Compare(left.ToText(), right.ToText());
        else if (left.Kind is ValueKind.Timestamp && right.Kind is ValueKind.Timestamp)
            order = left.AsTimestamp().CompareTo(right.AsTimestamp());
        else return false;
        return operation switch
        {
            BinaryOperator.Less => order < 0,
            BinaryOperator.LessEqual => order <= 0,
            BinaryOperator.Greater => order > 0,
            _ => order >= 0,
        };
    }

    // Not by CompareTo: every comparison with NaN is false.
    private static bool Numbers(BinaryOperator operation, double x, double y) => operation switch
    {
        BinaryOperator.Less => x < y,
        BinaryOperator.LessEqual => x <= y,
        BinaryOperator.Greater => x > y,
        _ => x >= y,
    };

    private static Completion Range(BinaryOperator operation, in Value left, in Value right, in SourceSpan span)
    {
        if (!left.TryAsInteger(out var start) || !right.TryAsInteger(out var end))
            return EngineError.NoOperator(operation.Sign(), left, right, span);
        return Completion.Of(new VslRange(start, end, operation is BinaryOperator.RangeInclusive));
    }

    private static Completion Not(Completion answer) => answer.IsValue ? Completion.Of(!answer.Value.AsBoolean()) : answer;

    private static bool IsText(in Value value) => value.Kind is ValueKind.String or ValueKind.Character;

    private static Completion Concatenate(in Value left, in Value right, Budget? budget)
    {
        var (first, second) = (left.ToText(), right.ToText());
        return budget?.ChargeBytes(2L * (first.Length + second.Length)) is { } spent
            ? Completion.Fail(spent)
            : Completion.Of(string.Concat(first, second));
    }

    private static Completion Add(in Value left, in Value right, Budget? budget, in SourceSpan span)
    {
        if (left.Kind is ValueKind.Integer or ValueKind.Float && right.Kind is ValueKind.Integer or ValueKind.Float)
            return Arithmetic(BinaryOperator.Add, left, right, span);
        if (left.Kind is ValueKind.String || right.Kind is ValueKind.String || (IsText(left) && IsText(right)))
            return Concatenate(left, right, budget);
        return (left.Kind, right.Kind) switch
        {
            (ValueKind.Array, ValueKind.Array) => Join(left.AsArray(), right.AsArray(), budget),
            (ValueKind.Map, ValueKind.Map) => Merge(left.AsMap(), right.AsMap(), budget),
            (ValueKind.Blob, ValueKind.Blob) => Join(left.AsBlob(), right.AsBlob(), budget),
            (ValueKind.Timestamp, ValueKind.Integer or ValueKind.Float) => Later(left, right, 1, span),
            _ => EngineError.NoOperator("+", left, right, span),
        };
    }

    private static Completion Subtract(in Value left, in Value right, Budget? budget, in SourceSpan span)
    {
        if (left.TryAsString(out var text) && IsText(right))
        {
            if (budget?.ChargeBytes(2L * text.Length) is { } spent) return Completion.Fail(spent);
            var removed = right.ToText();
            return Completion.Of(removed.Length == 0 ? text : text.Replace(removed, "", StringComparison.Ordinal));
        }

        return (left.Kind, right.Kind) switch
        {
            (ValueKind.Timestamp, ValueKind.Timestamp) =>
                Completion.Of((double)(left.AsTimestamp() - right.AsTimestamp()) / TimeSpan.TicksPerSecond),
            (ValueKind.Timestamp, ValueKind.Integer or ValueKind.Float) => Later(left, right, -1, span),
            _ => Arithmetic(BinaryOperator.Subtract, left, right, span),
        };
    }

    private static Completion Later(in Value timestamp, in Value seconds, int sign, in SourceSpan span)
    {
        seconds.TryAsNumber(out var distance);
        var ticks = timestamp.AsTimestamp() + (sign * distance * TimeSpan.TicksPerSecond);
        return Math.Abs(ticks) < long.MaxValue
            ? Completion.Of(Value.FromTimestamp((long)ticks))
            : EngineError.Arithmetic("Timestamp overflow", span);
    }

    private static Completion Join(VslArray left, VslArray right, Budget? budget)
    {
        if (budget?.ChargeItems((long)left.Count + right.Count) is { } spent) return Completion.Fail(spent);
        return Completion.Of(new VslArray(left.Concat(right)));
    }

    private static Completion Join(VslBlob left, VslBlob right, Budget? budget)
    {
        if (budget?.ChargeBytes((long)left.Bytes.Length + right.Bytes.Length) is { } spent) return Completion.Fail(spent);
        return Completion.Of(new VslBlob((byte[])[.. left.Bytes.Span, .. right.Bytes.Span]));
    }

    private static Completion Merge(VslMap left, VslMap right, Budget? budget)
    {
        if (budget?.ChargeItems(2L * (left.Count + right.Count)) is { } spent) return Completion.Fail(spent);
        return Completion.Of(new VslMap(left.Concat(right)));
    }
}
