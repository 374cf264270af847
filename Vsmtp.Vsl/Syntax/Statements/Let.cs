using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Syntax.Expressions;

namespace Vsmtp.Vsl.Syntax.Statements;

/// <summary><c>let x = e;</c>, <c>const X = e;</c>, with or without <c>export</c> in front.</summary>
internal sealed class Let(Identifier name, Node? value, bool isConstant, bool isExported, SourceSpan span) : Node(span)
{
    private Node? _value = value;
    private int _slot;

    public override Node Bind(Binder binder)
    {
        _value = ServiceCreation.Of(name, _value, binder) ?? _value;
        _value = _value is null ? null : binder.Bind(_value);
        if (isExported && (!binder.Scope.IsTopLevel || binder.Scope.Depth > 0))
            binder.Error("only the top level of a file can export", name.Span);
        _slot = binder.Declare(name, isConstant, isExported).Slot;
        return this;
    }

    public override Code Compile() =>
        Combine.Then(_value?.Compile() ?? Code.Constant(Value.Unit), (Frame frame, in Value value) =>
        {
            frame.Slots[_slot] = value;
            return Completion.Unit;
        });
}
