namespace Vsmtp.Vsl.Evaluation;

internal delegate Completion Apply(Frame frame, in Value operand);

internal delegate Completion ApplyTwo(Frame frame, in Value left, in Value right);

internal delegate Completion ApplyMany(Frame frame, Value[] operands);

/// <summary>Evaluates operands from left to right, then applies a step that does not wait.</summary>
/// <remarks>The one place where most nodes get their two shapes from: they write only the step.</remarks>
internal static class Combine
{
    public static Code Then(Code operand, Apply apply)
    {
        if (operand.Sync is { } sync)
        {
            return Code.Of(frame =>
            {
                var value = sync(frame);
                return value.IsValue ? apply(frame, value.Value) : value;
            });
        }

        return Code.Waiting(async frame =>
        {
            var value = await operand.RunAsync(frame).ConfigureAwait(false);
            return value.IsValue ? apply(frame, value.Value) : value;
        });
    }

    public static Code Then(Code left, Code right, ApplyTwo apply)
    {
        if (left.Sync is { } first && right.Sync is { } second)
        {
            return Code.Of(frame =>
            {
                var one = first(frame);
                if (!one.IsValue) return one;
                var two = second(frame);
                return two.IsValue ? apply(frame, one.Value, two.Value) : two;
            });
        }

        return Code.Waiting(async frame =>
        {
            var one = await left.RunAsync(frame).ConfigureAwait(false);
            if (!one.IsValue) return one;
            var two = await right.RunAsync(frame).ConfigureAwait(false);
            return two.IsValue ? apply(frame, one.Value, two.Value) : two;
        });
    }

    public static Code Then(Code[] operands, ApplyMany apply)
    {
        if (Array.TrueForAll(operands, o => !o.MayWait))
        {
            var parts = Array.ConvertAll(operands, o => o.Sync!);
            return Code.Of(frame =>
            {
                var values = NewValues(parts.Length);
                for (var i = 0; i < parts.Length; i++)
                {
                    var value = parts[i](frame);
                    if (!value.IsValue) return value;
                    values[i] = value.Value;
                }

                return apply(frame, values);
            });
        }

        return Code.Waiting(async frame =>
        {
            var values = NewValues(operands.Length);
            for (var i = 0; i < operands.Length; i++)
            {
                var value = await operands[i].RunAsync(frame).ConfigureAwait(false);
                if (!value.IsValue) return value;
                values[i] = value.Value;
            }

            return apply(frame, values);
        });
    }

    /// <summary>As <see cref="Then(Code[], ApplyMany)"/>, but the step may wait.</summary>
    public static Code ThenAsync(Code[] operands, Func<Frame, Value[], ValueTask<Completion>> apply) =>
        Code.Waiting(async frame =>
        {
            var values = NewValues(operands.Length);
            for (var i = 0; i < operands.Length; i++)
            {
                var value = await operands[i].RunAsync(frame).ConfigureAwait(false);
                if (!value.IsValue) return value;
                values[i] = value.Value;
            }

            return await apply(frame, values).ConfigureAwait(false);
        });

    private static Value[] NewValues(int count) => count == 0 ? [] : new Value[count];
}
