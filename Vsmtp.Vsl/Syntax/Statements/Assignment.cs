using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Evaluation.Integers;
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
        if (_target is Variable { Local: { IsConstant: false } local } && ToVariable(local.Slot) is { } code) return code;
        if (!Places.TryMake(_target, out var place, out var keys)) return NoPlace();
        Code[] operands = [.. keys.Select(k => k.Compile()), _value.Compile()];
        return Combine.Then(operands, (frame, values) =>
        {
            var at = values.AsSpan(0, values.Length - 1);
            return operation is null ? place.Set(frame, at, values[^1]) : Change(frame, place, at, values[^1]);
        });
    }

    /// <summary>The short ways of what is assigned most: a value, a number more or less, a text at the end.</summary>
    /// <returns>Null: it goes the general way.</returns>
    private Evaluate? ToVariable(int slot)
    {
        if (operation is BinaryOperator.Add && _value is Template text) return Append(slot, text);
        if (_value.Compile().Sync is not { } value) return null;
        return operation switch
        {
            null => frame =>
            {
                var given = value(frame);
                if (!given.IsValue) return given;
                Value.Store(ref frame.Slots[slot], given.Raw);
                return Completion.Unit;
            },
            BinaryOperator.Add => Change<Adding>(slot, value),
            BinaryOperator.Subtract => Change<Subtracting>(slot, value),
            _ => null,
        };
    }

    private Evaluate Change<T>(int slot, Evaluate value)
        where T : struct, IIntegerOperator
    {
        var place = new Place(slot, "", IsConstant: false, [], _target.Span);
        return frame =>
        {
            var given = value(frame);
            if (!given.IsValue) return given;
            ref var variable = ref frame.Slots[slot];
            if (!variable.TryAsInteger(out var a) || !given.Raw.TryAsInteger(out var b) || !T.TryApply(a, b, out var result))
                return Change(frame, place, [], given.Raw);
            Value.Store(ref variable, result);
            return Completion.Unit;
        };
    }

    /// <summary>The parts of a text go to the end of the variable's at once, and are not made one first.</summary>
    private Evaluate? Append(int slot, Template text)
    {
        var codes = Array.ConvertAll(text.Parts, p => p.CompileBorrowed());
        if (codes.Length >= Operands.Capacity || Array.Exists(codes, c => c.MayWait)) return null;
        var parts = Array.ConvertAll(codes, c => c.Sync!);
        var place = new Place(slot, "", IsConstant: false, [], _target.Span);
        return frame =>
        {
            var operands = default(Operands);
            Span<Value> values = operands;
            var read = Operands.Read(parts, frame, values[1..]);
            if (!read.IsValue) return read;
            ref var variable = ref frame.Slots[slot];
            var isText = variable.TryAsString(out _);
            if (isText) values[0] = variable;
            var joined = Texts.Join(values[(isText ? 0 : 1)..(parts.Length + 1)], frame.Budget).At(Span);
            if (!joined.IsValue) return joined;
            if (!isText) return Change(frame, place, [], joined.Raw);
            variable = joined.Raw;
            return Completion.Unit;
        };
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
