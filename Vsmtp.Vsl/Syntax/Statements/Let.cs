using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;
using Vsmtp.Vsl.Syntax.Expressions;

namespace Vsmtp.Vsl.Syntax.Statements;

/// <summary><c>let x = e;</c>, <c>const X = e;</c>, with or without <c>export</c> in front.</summary>
internal sealed class Let(Identifier name, Node? value, bool isConstant, bool isExported, SourceSpan span) : Node(span)
{
    private Node? _value = value;
    private int _slot;

    public override string Type => StaticTypes.Unit;

    public override void Print(SyntaxPrinter printer) =>
        printer.Text(isExported ? "export " : "").Text(isConstant ? "const " : "let ").Name(name).Optional(_value, " = ");

    public override Node Bind(Binder binder)
    {
        _value = ServiceCreation.Of(name, _value, binder) ?? _value;
        _value = _value is null ? null : binder.Bind(_value);
        if (isExported && (!binder.Scope.IsTopLevel || binder.Scope.Depth > 0))
            binder.Error(DiagnosticCodes.MisplacedExport, "only the top level of a file can export", name.Span);
        if (_value is not null) binder.Warnings.LostResult(_value);
        var variable = binder.Declare(name, isConstant, isExported);
        variable.IsRead = isConstant || isExported || name.Name.StartsWith('_');
        if (isConstant || !binder.Unit.Syntax.MayChangeType(name.Name)) variable.Type = _value is null ? StaticTypes.Unit : _value.Type;
        _slot = variable.Slot;
        return this;
    }

    public override Code Compile()
    {
        var (slot, value) = (_slot, _value?.Compile() ?? Code.Constant(Value.Unit));
        if (value.Sync is { } sync)
        {
            return Code.Of(frame =>
            {
                var given = sync(frame);
                if (!given.IsValue) return given;
                Value.Store(ref frame.Slots[slot], given.Raw);
                return Completion.Unit;
            });
        }

        return Combine.Then(value, (Frame frame, in Value given) =>
        {
            frame.Slots[slot] = given;
            return Completion.Unit;
        });
    }
}
