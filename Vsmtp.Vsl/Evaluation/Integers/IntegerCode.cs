using Vsmtp.Vsl.Syntax;
using Vsmtp.Vsl.Syntax.Expressions;

namespace Vsmtp.Vsl.Evaluation.Integers;

/// <summary>The code of operators that mostly meet integers: loops, counters, limits.</summary>
internal static class IntegerCode
{
    /// <returns>Null: no such operator, or a side may wait.</returns>
    public static Evaluate? Make(BinaryOperator operation, Node left, Node right, SourceSpan span) => operation switch
    {
        BinaryOperator.Add => Make<Adding>(operation, left, right, span),
        BinaryOperator.Subtract => Make<Subtracting>(operation, left, right, span),
        BinaryOperator.Multiply => Make<Multiplying>(operation, left, right, span),
        BinaryOperator.Remainder => Make<TakingRemainder>(operation, left, right, span),
        BinaryOperator.Less => Make<Comparing<IsLess>>(operation, left, right, span),
        BinaryOperator.LessEqual => Make<Comparing<IsLessOrEqual>>(operation, left, right, span),
        BinaryOperator.Greater => Make<Comparing<IsGreater>>(operation, left, right, span),
        BinaryOperator.GreaterEqual => Make<Comparing<IsGreaterOrEqual>>(operation, left, right, span),
        BinaryOperator.Equal => Make<Comparing<IsEqual>>(operation, left, right, span),
        BinaryOperator.NotEqual => Make<Comparing<IsNotEqual>>(operation, left, right, span),
        _ => null,
    };

    private static Evaluate? Make<TOperator>(BinaryOperator operation, Node left, Node right, SourceSpan span)
        where TOperator : struct, IIntegerOperator => left switch
    {
        Variable { Local.Slot: var slot } => Make<TOperator, SlotOperand>(operation, new(slot), right, span),
        Literal { Value: var value } => Make<TOperator, ConstantOperand>(operation, new(value), right, span),
        _ => left.CompileBorrowed().Sync is { } code ? Make<TOperator, CodeOperand>(operation, new(code), right, span) : null,
    };

    private static Evaluate? Make<TOperator, TLeft>(BinaryOperator operation, TLeft left, Node right, SourceSpan span)
        where TOperator : struct, IIntegerOperator
        where TLeft : struct, IOperand => right switch
    {
        Variable { Local.Slot: var slot } =>
            new IntegerBinary<TOperator, TLeft, SlotOperand>(operation, left, new(slot), span).Run,
        Literal { Value: var value } =>
            new IntegerBinary<TOperator, TLeft, ConstantOperand>(operation, left, new(value), span).Run,
        _ => right.CompileBorrowed().Sync is { } code
            ? new IntegerBinary<TOperator, TLeft, CodeOperand>(operation, left, new(code), span).Run
            : null,
    };
}
