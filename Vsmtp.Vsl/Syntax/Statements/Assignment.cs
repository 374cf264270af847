using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;
using Vsmtp.Vsl.Syntax.Expressions;

namespace Vsmtp.Vsl.Syntax.Statements;

/// <summary><c>place = e</c>, <c>place += e</c> and so on. A statement: it has no value (language §4).</summary>
/// <param name="operation">Null for plain <c>=</c>.</param>
internal sealed class Assignment(Node target, BinaryOperator? operation, Node value, SourceSpan span) : Node(span)
{
    private Node _target = target;
    private Node _value = value;

    public override string Type => StaticTypes.Unit;

    public override void Print(SyntaxPrinter printer) =>
        printer.Node(_target).Text($" {operation?.Sign()}= ").Node(_value);

    public override Node Bind(Binder binder)
    {
        // To be given a value is not to be read.
        var wasRead = _target is Variable named && binder.Scope.Find(named.Name) is { } known ? (known, known.IsRead) : default;
        _target = binder.Bind(_target);
        if (wasRead.known is not null) wasRead.known.IsRead = wasRead.IsRead;
        _value = binder.Bind(_value);
        if (operation is null) binder.Warnings.LostResult(_value);
        if (_target is Variable { Local: { IsConstant: true } local })
            binder.ReportConstant(local, _target.Span);
        else if (_target is not (Variable or Member or IndexAccess or ThisExpression))
            binder.Error(DiagnosticCodes.NotAssignable, "only a variable, a property or an element can be assigned to", _target.Span);
        return this;
    }

    public override Code Compile()
    {
        if (!Places.TryMake(_target, out var place, out var keys)) return NoPlace();
        Code[] operands = [.. keys.Select(k => k.Compile()), _value.Compile()];
        return Combine.Then(operands, (frame, values) =>
        {
            var at = values.AsSpan(0, values.Length - 1);
            return operation is null ? place.Set(frame, at, values[^1]) : Change(frame, place, at, values[^1]);
        });
    }

    private Completion Change(Frame frame, Place place, ReadOnlySpan<Value> keys, in Value operand)
    {
        if (operation is BinaryOperator.Add && TryGrow(frame, place, keys, operand) is { } grown) return grown;
        var current = place.Peek(frame, keys);
        if (!current.IsValue) return current;
        var result = Operators.Apply(operation!.Value, current.Value, operand, frame.Budget, Span).At(Span);
        return result.IsValue ? place.Set(frame, keys, result.Value) : result;
    }

    /// <summary><c>+=</c> on an array pushes in place: an element, or all those of another array.</summary>
    private Completion? TryGrow(Frame frame, Place place, ReadOnlySpan<Value> keys, in Value operand)
    {
        if (place.Peek(frame, keys) is not { IsValue: true, Value.Kind: ValueKind.Array }) return null;
        Value scratch = default;
        ref var target = ref place.Find(frame, keys, ref scratch, out var failure);
        if (!failure.IsValue) return failure;
        if (frame.Budget.ChargeItems(operand.TryAsArray(out var added) ? added.Count : 1) is { } spent)
            return Completion.Fail(spent).At(Span);
        if (added is not null) target.AsArray().Items.AddRange(added);
        else target.AsArray().Items.Add(operand);
        return Completion.Unit;
    }

    /// <summary>The chain begins with something that is no variable; binding has refused or warned about it.</summary>
    private Code NoPlace() => Combine.Then(_target.Compile(), _value.Compile(), (Frame _, in Value _, in Value _) =>
        EngineError.Of("ErrorAssignmentToUnknownLHS", "Cannot assign to a value that no variable holds", Span));
}
