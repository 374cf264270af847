using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;
using Vsmtp.Vsl.Values;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary><c>switch e { 1 => …, 2..5 if c => …, _ => … }</c>.</summary>
internal sealed class Switch(Node subject, SwitchCase[] cases, SourceSpan span) : Node(span)
{
    private Node _subject = subject;

    public override bool Leaves => cases.Length > 0 && cases[^1].IsDefault && Array.TrueForAll(cases, c => c.Body.Leaves);

    public override Node? EndsWithout(string type) =>
        cases.Length == 0 || !cases[^1].IsDefault
            ? this
            : cases.Select(c => c.Body.EndsWithout(type)).FirstOrDefault(n => n is not null);

    public override void Print(SyntaxPrinter printer)
    {
        printer.Text("switch ").Operand(_subject).Text(" { ");
        foreach (var one in cases)
        {
            if (one.IsDefault) printer.Text("_");
            for (var i = 0; i < one.Labels.Length; i++) printer.Text(i == 0 ? "" : " | ").Operand(one.Labels[i]);
            if (one.Guard is { } guard) printer.Text(" if ").Operand(guard);
            printer.Text(" => ").Node(one.Body).Text(", ");
        }

        printer.Text("}");
    }

    public override Node Bind(Binder binder)
    {
        _subject = binder.BindCondition(_subject);
        for (var i = 0; i < cases.Length; i++)
        {
            var one = cases[i];
            binder.BindAll(one.Labels);
            cases[i] = one with
            {
                Guard = one.Guard is null ? null : binder.BindCondition(one.Guard),
                Body = binder.Bind(one.Body),
            };
            if (cases[i].Guard is { } guard) binder.Warnings.Condition(guard);
        }

        Check(binder);
        return this;
    }

    public override Code Compile()
    {
        var arms = Arms();
        var otherwise = cases.FirstOrDefault(c => c.IsDefault)?.Body.Compile() ?? Code.Constant(Value.Unit);
        var subject = _subject.CompileBorrowed();
        if (subject.Sync is { } sync && otherwise.Sync is { } last && Array.TrueForAll(arms, a => !a.MayWait))
        {
            return Code.Of(frame =>
            {
                var value = sync(frame);
                return value.IsValue ? Choose(frame, value.Value, arms, last) : value;
            });
        }

        return Code.Waiting(async frame =>
        {
            var value = await subject.RunAsync(frame).ConfigureAwait(false);
            if (!value.IsValue) return value;
            foreach (var arm in arms)
            {
                if (!arm.Matches(value.Value)) continue;
                var test = arm.Guard is { } guard ? await guard.RunAsync(frame).ConfigureAwait(false) : Value.True;
                test = If.AsCondition(test, Span);
                if (!test.IsValue) return test;
                if (test.Value.AsBoolean()) return await arm.Body.RunAsync(frame).ConfigureAwait(false);
            }

            return await otherwise.RunAsync(frame).ConfigureAwait(false);
        });
    }

    private Completion Choose(Frame frame, in Value value, Arm[] arms, Evaluate otherwise)
    {
        foreach (var arm in arms)
        {
            if (!arm.Matches(value)) continue;
            var test = arm.Guard is { } guard ? If.AsCondition(guard.Sync!(frame), Span) : Value.True;
            if (!test.IsValue) return test;
            if (test.Value.AsBoolean()) return arm.Body.Sync!(frame);
        }

        return otherwise(frame);
    }

    /// <summary>Ranges are tried after the literals (language §5).</summary>
    private Arm[] Arms()
    {
        var compiled = cases.Where(c => !c.IsDefault)
            .Select(c => (Case: c, Guard: c.Guard?.Compile(), Body: c.Body.Compile()))
            .SelectMany(c => c.Case.Labels.OfType<Literal>().Select(label => new Arm(label.Value, c.Guard, c.Body)))
            .ToList();
        return [.. compiled.OrderBy(a => a.Label.Kind is ValueKind.Range)];
    }

    private void Check(Binder binder)
    {
        var afterRange = false;
        var matched = new List<Literal>();
        for (var i = 0; i < cases.Length; i++)
        {
            var one = cases[i];
            if (one.IsDefault && i < cases.Length - 1) binder.Error(DiagnosticCodes.WrongCase, "the case '_' must be the last one", one.Span);
            if (one is { IsDefault: true, Guard: not null }) binder.Error(DiagnosticCodes.WrongCase, "the case '_' cannot have a condition", one.Span);
            foreach (var label in one.Labels)
            {
                if (label is not Literal { Value: var value })
                {
                    binder.Error(DiagnosticCodes.WrongCase, "a case must be a literal, a range of literals, or '_'", label.Span);
                    continue;
                }

                if (matched.Find(m => m.Value.Kind == value.Kind && m.Value == value) is { } first)
                    binder.Warnings.DuplicateCase(label, first);
                else if (one.Guard is null) matched.Add((Literal)label);
                if (afterRange && value.Kind is ValueKind.Integer)
                    binder.Error(DiagnosticCodes.WrongCase, "an integer case must stand before the range cases", label.Span);
                afterRange |= value.Kind is ValueKind.Range;
            }
        }
    }

    private sealed record Arm(Value Label, Code? Guard, Code Body)
    {
        public bool MayWait => Body.MayWait || Guard is { MayWait: true };

        public bool Matches(in Value value) =>
            Label.Kind is ValueKind.Range && value.TryAsInteger(out var number)
                ? Label.AsRange().Contains(number)
                : ValueEquality.AreEqual(Label, value);
    }
}
