using Vsmtp.Vsl.Syntax;

namespace Vsmtp.Vsl.Evaluation;

/// <remarks>Integers are 64-bit; what does not fit is a script error, not a wrapped number (language §12).</remarks>
internal static partial class Operators
{
    public static Completion Negate(in Value operand, in SourceSpan span) => operand.Kind switch
    {
        ValueKind.Integer => Narrow(-(Int128)operand.AsInteger(), "-", span),
        ValueKind.Float => Completion.Of(-operand.AsFloat()),
        _ => EngineError.FunctionNotFound("-", [operand], span),
    };

    private static Completion Arithmetic(BinaryOperator operation, in Value left, in Value right, in SourceSpan span)
    {
        if (left.TryAsInteger(out var a) && right.TryAsInteger(out var b)) return Integers(operation, a, b, span);
        if (!left.TryAsNumber(out var x) || !right.TryAsNumber(out var y))
            return EngineError.NoOperator(operation.Sign(), left, right, span);
        return Completion.Of(operation switch
        {
            BinaryOperator.Add => x + y,
            BinaryOperator.Subtract => x - y,
            BinaryOperator.Multiply => x * y,
            BinaryOperator.Divide => x / y,
            BinaryOperator.Remainder => x % y,
            _ => Math.Pow(x, y),
        });
    }

    private static Completion Integers(BinaryOperator operation, long a, long b, in SourceSpan span)
    {
        if (b == 0 && operation is BinaryOperator.Divide or BinaryOperator.Remainder)
            return EngineError.Arithmetic($"Division by zero: {a} {operation.Sign()} {b}", span);
        return operation switch
        {
            BinaryOperator.Add => Narrow((Int128)a + b, "+", span),
            BinaryOperator.Subtract => Narrow((Int128)a - b, "-", span),
            BinaryOperator.Multiply => Narrow((Int128)a * b, "*", span),
            BinaryOperator.Divide => Narrow((Int128)a / b, "/", span),
            BinaryOperator.Remainder => Narrow((Int128)a % b, "%", span),
            _ => Power(a, b, span),
        };
    }

    private static Completion Power(long number, long exponent, in SourceSpan span)
    {
        if (exponent < 0) return EngineError.Arithmetic($"Integer raised to a negative power: {number} ** {exponent}", span);
        if (number is 0 or 1 or -1)
            return Completion.Of(exponent == 0 || number == 1 ? 1 : number == 0 ? 0 : exponent % 2 == 0 ? 1 : -1);
        Int128 result = 1;
        for (; exponent > 0 && result >= long.MinValue && result <= long.MaxValue; exponent--) result *= number;
        return Narrow(result, "**", span);
    }

    private static Completion Narrow(Int128 result, string sign, in SourceSpan span) =>
        result >= long.MinValue && result <= long.MaxValue
            ? Completion.Of((long)result)
            : EngineError.Arithmetic($"Integer overflow in '{sign}'", span);

    private static Completion Shift(BinaryOperator operation, in Value left, in Value right, in SourceSpan span)
    {
        if (!left.TryAsInteger(out var number) || !right.TryAsInteger(out var count))
            return EngineError.NoOperator(operation.Sign(), left, right, span);
        if (count is < 0 or > 63) return EngineError.Arithmetic($"Shift by {count} is not between 0 and 63", span);
        return Completion.Of(operation is BinaryOperator.ShiftLeft ? number << (int)count : number >> (int)count);
    }

    private static Completion Bitwise(BinaryOperator operation, in Value left, in Value right, in SourceSpan span)
    {
        if (left.TryAsInteger(out var a) && right.TryAsInteger(out var b))
            return Completion.Of(operation switch { BinaryOperator.BitAnd => a & b, BinaryOperator.BitOr => a | b, _ => a ^ b });
        if (left.TryAsBoolean(out var p) && right.TryAsBoolean(out var q))
            return Completion.Of(operation switch { BinaryOperator.BitAnd => p & q, BinaryOperator.BitOr => p | q, _ => p ^ q });
        return EngineError.NoOperator(operation.Sign(), left, right, span);
    }
}
