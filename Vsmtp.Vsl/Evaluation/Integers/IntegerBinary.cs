using Vsmtp.Vsl.Syntax;

namespace Vsmtp.Vsl.Evaluation.Integers;

/// <summary>A binary operator that finds two integers most of the time; what else it finds goes the general way.</summary>
internal sealed class IntegerBinary<TOperator, TLeft, TRight>(BinaryOperator operation, TLeft left, TRight right, SourceSpan span)
    where TOperator : struct, IIntegerOperator
    where TLeft : struct, IOperand
    where TRight : struct, IOperand
{
    public Completion Run(Frame frame)
    {
        var one = left.Read(frame);
        var isInteger = one.Raw.TryAsInteger(out var a);
        if (!isInteger && !one.IsValue) return one;
        var two = right.Read(frame);
        return isInteger && two.Raw.TryAsInteger(out var b) && TOperator.TryApply(a, b, out var result)
            ? result
            : two.IsValue ? General(frame, one.Raw, two.Raw) : two;
    }

    private Completion General(Frame frame, Value one, Value two)
    {
        // Only the sides of a sum may live on in it.
        if (operation is BinaryOperator.Add) (one, two) = (one.Share(), two.Share());
        return Operators.Apply(operation, one, two, frame.Budget, span).At(span);
    }
}
