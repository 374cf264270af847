using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary><c>!x</c>, <c>-x</c>, <c>+x</c>.</summary>
internal sealed class Unary(char sign, Node operand, SourceSpan span) : Node(span)
{
    private Node _operand = operand;

    public override string? Type => sign == '!' ? StaticTypes.Boolean : _operand.Type;

    public override void Print(SyntaxPrinter printer) =>
        printer.Text(sign.ToString()).Operand(_operand);

    public override Node Bind(Binder binder)
    {
        _operand = binder.Bind(_operand);
        if (sign == '!') binder.Warnings.Condition(_operand);
        return _operand is Literal { Value: var value } && Apply(value) is { IsValue: true, Value: var folded }
            ? new Literal(folded, Span)
            : this;
    }

    public override Code Compile()
    {
        var operand = _operand.CompileBorrowed();
        return sign == '!' && operand.Sync is { } flag ? Negated(flag) : Compile(operand);
    }

    private Code Negated(Evaluate flag) => Code.Of(frame =>
    {
        var value = flag(frame);
        return value.Raw.IsFalse ? Value.True : value.Raw.IsTrue ? Value.False : value.IsValue ? Apply(value.Raw) : value;
    });

    private Code Compile(Code operand) => Combine.Then(operand, (Frame _, in Value value) => Apply(value));

    private Completion Apply(in Value value) => sign switch
    {
        '!' => value.TryAsBoolean(out var flag) ? Completion.Of(!flag) : EngineError.WrongType(value, "bool", Span),
        '-' => Operators.Negate(value, Span),
        _ => value.TryAsNumber(out _) ? Completion.Of(value) : EngineError.FunctionNotFound("+", [value], Span),
    };
}
