using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Evaluation.Integers;
using Vsmtp.Vsl.Library;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary>A binary operator that always evaluates both sides.</summary>
internal sealed class Binary(BinaryOperator operation, Node left, Node right, SourceSpan span) : Node(span)
{
    private Node _left = left;
    private Node _right = right;

    public BinaryOperator Operation => operation;

    public override string? Type => StaticTypes.OfArithmetic(operation, _left.Type, _right.Type);

    public override void Print(SyntaxPrinter printer) =>
        printer.Operand(_left).Text($" {operation.Sign()} ").Operand(_right);

    public override Node Bind(Binder binder)
    {
        _left = binder.Bind(_left);
        _right = binder.Bind(_right);
        binder.Warnings.Comparison(operation, _left, _right, Span);
        return _left is Literal { Value: var one } && _right is Literal { Value: var two } && IsFoldable(one) && IsFoldable(two)
            && Operators.Apply(operation, one, two, null, Span) is { IsValue: true, Value: var folded }
            ? new Literal(folded, Span)
            : (operation is BinaryOperator.Add ? Template.OfSum(_left, _right, Span) : null) ?? (Node)this;
    }

    public override Code Compile()
    {
        if (IntegerCode.Make(operation, _left, _right, Span) is { } code) return code;
        // The sides of a sum may live on in it; all other operators only look at them.
        var keeps = operation is BinaryOperator.Add;
        var (one, two) = keeps ? (_left.Compile(), _right.Compile()) : (_left.CompileBorrowed(), _right.CompileBorrowed());
        return Combine.Then(one, two, (Frame frame, in Value a, in Value b) =>
            Looks && frame.Budget.ChargeStep(Span, NativeFunction.ScanSteps(a) + NativeFunction.ScanSteps(b)) is { } spent
                ? Completion.Fail(spent)
                : Operators.Apply(operation, a, b, frame.Budget, Span).At(Span));
    }

    /// <summary>Whether it may look through the whole of its operands, so that long ones count as several steps.</summary>
    private bool Looks => operation is >= BinaryOperator.Equal and <= BinaryOperator.GreaterEqual;

    private static bool IsFoldable(in Value value) =>
        value.Kind is ValueKind.Boolean or ValueKind.Integer or ValueKind.Float or ValueKind.Character or ValueKind.String;
}
