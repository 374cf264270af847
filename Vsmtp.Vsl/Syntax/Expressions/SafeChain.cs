using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary><c>x?.a.b()</c> and <c>x?[i].c</c>: the whole rest of the chain is skipped when <c>x</c> is unit.</summary>
/// <param name="hole">Stands in <paramref name="rest"/> for the value of <paramref name="target"/>.</param>
internal sealed class SafeChain(Node target, SafeChain.Hole hole, Node rest, SourceSpan span) : Node(span)
{
    private Node _target = target;
    private Node _rest = rest;

    public override void Print(SyntaxPrinter printer) =>
        printer.Operand(_target).Node(_rest);

    public override Node Bind(Binder binder)
    {
        _target = binder.Bind(_target);
        hole.Slot = binder.Scope.NewSlot();
        _rest = binder.Bind(_rest);
        return this;
    }

    public override Code Compile()
    {
        var (target, rest) = (_target.Compile(), _rest.Compile());
        if (target.Sync is { } first && rest.Sync is { } second)
        {
            return Code.Of(frame =>
            {
                var value = first(frame);
                if (!value.IsValue || value.Value.IsUnit) return value;
                frame.Slots[hole.Slot] = value.Value;
                return second(frame);
            });
        }

        return Code.Waiting(async frame =>
        {
            var value = await target.RunAsync(frame).ConfigureAwait(false);
            if (!value.IsValue || value.Value.IsUnit) return value;
            frame.Slots[hole.Slot] = value.Value;
            return await rest.RunAsync(frame).ConfigureAwait(false);
        });
    }

    /// <summary>The value left of the question mark, in the rest of the chain.</summary>
    internal sealed class Hole(SourceSpan span) : Node(span)
    {
        public int Slot { get; set; }

        // What stands left of it is written before it.
        public override void Print(SyntaxPrinter printer)
        {
        }

        public override Code Compile() => Code.Of(frame => frame.Slots[Slot].Share());
    }
}
