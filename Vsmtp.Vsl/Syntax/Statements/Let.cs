using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl.Syntax.Statements;

/// <summary><c>let x = e;</c>, <c>const X = e;</c>, with or without <c>export</c> in front.</summary>
internal sealed class Let(Identifier name, Node? value, bool isConstant, bool isExported, SourceSpan span) : Node(span)
{
    private Node? _value = value;
    private int _slot;

    public override Node Bind(Binder binder)
    {
        _value = _value is null ? null : binder.Bind(_value);
        if (isExported && (!binder.Scope.IsTopLevel || binder.Scope.Depth > 0))
            binder.Error("only the top level of a file can export", name.Span);
        _slot = binder.Declare(name, isConstant, isExported).Slot;
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
