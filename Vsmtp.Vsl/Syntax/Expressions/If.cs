using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary><c>if c { } else if d { } else { }</c>.</summary>
/// <param name="conditions">One for each of the <paramref name="branches"/>.</param>
/// <param name="otherwise">Null: the value is unit when no condition holds.</param>
internal sealed class If(Node[] conditions, Node[] branches, Node? otherwise, SourceSpan span) : Node(span)
{
    private Node? _otherwise = otherwise;

    public override bool Leaves => _otherwise is { Leaves: true } && Array.TrueForAll(branches, b => b.Leaves);

    public override Node? EndsWithout(string type) =>
        _otherwise is null ? this : branches.Append(_otherwise).Select(b => b.EndsWithout(type)).FirstOrDefault(n => n is not null);

    public override void Print(SyntaxPrinter printer)
    {
        for (var i = 0; i < conditions.Length; i++)
            printer.Text(i == 0 ? "if " : " else if ").Operand(conditions[i]).Text(" ").Node(branches[i]);
        printer.Optional(_otherwise, " else ");
    }

    public override Node Bind(Binder binder)
    {
        for (var i = 0; i < conditions.Length; i++) conditions[i] = binder.BindCondition(conditions[i]);
        Array.ForEach(conditions, binder.Warnings.Condition);
        binder.BindAll(branches);
        _otherwise = _otherwise is null ? null : binder.Bind(_otherwise);
        return this;
    }

    public override Code Compile() =>
        Compile(Array.ConvertAll(branches, b => b.Compile()), _otherwise?.Compile() ?? Code.Constant(Value.Unit));

    public override Code CompileTail() =>
        Compile(Array.ConvertAll(branches, b => b.CompileTail()), _otherwise?.CompileTail() ?? Code.Constant(Value.Unit));

    private Code Compile(Code[] bodies, Code last)
    {
        var tests = Array.ConvertAll(conditions, c => c.CompileBorrowed());
        if (!last.MayWait && Array.TrueForAll(tests, t => !t.MayWait) && Array.TrueForAll(bodies, b => !b.MayWait))
            return Sync(Array.ConvertAll(tests, t => t.Sync!), Array.ConvertAll(bodies, b => b.Sync!), last.Sync!);
        return Code.Waiting(async frame =>
        {
            for (var i = 0; i < tests.Length; i++)
            {
                var tested = AsCondition(await tests[i].RunAsync(frame).ConfigureAwait(false), conditions[i].Span);
                if (!tested.IsValue) return tested;
                if (tested.Value.AsBoolean()) return await bodies[i].RunAsync(frame).ConfigureAwait(false);
            }

            return await last.RunAsync(frame).ConfigureAwait(false);
        });
    }

    private Code Sync(Evaluate[] tests, Evaluate[] bodies, Evaluate last)
    {
        if (tests is [var test] && bodies is [var body])
        {
            return Code.Of(frame =>
            {
                var tested = test(frame);
                return tested.Raw.IsTrue ? body(frame) : tested.Raw.IsFalse ? last(frame) : AsCondition(tested, conditions[0].Span);
            });
        }

        return Code.Of(frame =>
        {
            for (var i = 0; i < tests.Length; i++)
            {
                var tested = tests[i](frame);
                if (tested.Raw.IsTrue) return bodies[i](frame);
                if (!tested.Raw.IsFalse) return AsCondition(tested, conditions[i].Span);
            }

            return last(frame);
        });
    }

    /// <summary>Nothing but a boolean is a condition (language §12).</summary>
    internal static Completion AsCondition(Completion tested, in SourceSpan span) =>
        !tested.IsValue || tested.Value.Kind is ValueKind.Boolean ? tested : EngineError.WrongType(tested.Value, "bool", span);
}
