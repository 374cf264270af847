using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary><c>&amp;&amp;</c>, <c>||</c> and <c>??</c>: the right side is evaluated only when the left does not decide.</summary>
internal sealed class ShortCircuit(BinaryOperator operation, Node left, Node right, SourceSpan span) : Node(span)
{
    private Node _left = left;
    private Node _right = right;

    public override string? Type =>
        operation is not BinaryOperator.Coalesce ? StaticTypes.Boolean : _left.Type == _right.Type ? _left.Type : null;

    public override void Print(SyntaxPrinter printer) =>
        printer.Operand(_left).Text($" {operation.Sign()} ").Operand(_right);

    public override Node Bind(Binder binder)
    {
        _left = binder.Bind(_left);
        _right = binder.Bind(_right);
        if (operation is not BinaryOperator.Coalesce)
        {
            binder.Warnings.Condition(_left);
            binder.Warnings.Condition(_right);
        }

        return this;
    }

    public override Code Compile()
    {
        var (one, two) = (_left.Compile(), _right.Compile());
        if (one.Sync is { } first && two.Sync is { } second)
        {
            return operation switch
            {
                BinaryOperator.And => Code.Of(frame =>
                {
                    var value = first(frame);
                    return value.Raw.IsTrue ? Result(second(frame)) : value.Raw.IsFalse ? value : NoBoolean(value);
                }),
                BinaryOperator.Or => Code.Of(frame =>
                {
                    var value = first(frame);
                    return value.Raw.IsFalse ? Result(second(frame)) : value.Raw.IsTrue ? value : NoBoolean(value);
                }),
                _ => Code.Of(frame =>
                {
                    var value = first(frame);
                    return value.Raw.IsUnit ? second(frame) : value;
                }),
            };
        }

        return Code.Waiting(async frame =>
        {
            var value = await one.RunAsync(frame).ConfigureAwait(false);
            if (!value.IsValue || TryDecide(ref value)) return value;
            return Result(await two.RunAsync(frame).ConfigureAwait(false));
        });
    }

    private Completion NoBoolean(Completion left) => left.IsValue ? EngineError.WrongType(left.Value, "bool", _left.Span) : left;

    /// <summary>Whether the left side is the answer, or an error.</summary>
    private bool TryDecide(ref Completion left)
    {
        if (operation is BinaryOperator.Coalesce) return !left.Value.IsUnit;
        if (left.Value.TryAsBoolean(out var flag)) return flag == operation is BinaryOperator.Or;
        left = NoBoolean(left);
        return true;
    }

    private Completion Result(Completion right) =>
        right.Raw.IsTrue || right.Raw.IsFalse || operation is BinaryOperator.Coalesce || !right.IsValue
            ? right
            : EngineError.WrongType(right.Value, "bool", _right.Span);
}
