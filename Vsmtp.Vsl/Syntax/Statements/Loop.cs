using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;
using Vsmtp.Vsl.Syntax.Expressions;

namespace Vsmtp.Vsl.Syntax.Statements;

/// <summary><c>while c { }</c>, <c>loop { }</c>, <c>do { } while c</c> and <c>do { } until c</c>.</summary>
/// <param name="condition">Null: only <c>break</c> ends it.</param>
/// <param name="testsFirst">Whether the condition is tested before the first turn.</param>
/// <param name="wanted">The condition's value for which it goes on.</param>
internal sealed class Loop(Node? condition, Node body, bool testsFirst, bool wanted, SourceSpan span) : Node(span)
{
    private Node? _condition = condition;
    private Node _body = body;

    // An endless loop gives what its break gives.
    public override Node? EndsWithout(string type) => _condition is null ? null : this;

    public override void Print(SyntaxPrinter printer)
    {
        if (_condition is null) printer.Text("loop ").Node(_body);
        else if (testsFirst) printer.Text("while ").Operand(_condition).Text(" ").Node(_body);
        else printer.Text("do ").Node(_body).Text(wanted ? " while " : " until ").Operand(_condition);
    }

    public override Node Bind(Binder binder)
    {
        _condition = _condition is null ? null : binder.Bind(_condition);
        if (_condition is not null) binder.Warnings.Condition(_condition);
        binder.Scope.EnterLoop();
        _body = binder.Bind(_body);
        binder.Scope.LeaveLoop();
        return this;
    }

    public override Code Compile()
    {
        var (test, turn) = (_condition?.Compile() ?? Code.Constant(wanted), _body.Compile());
        if (test.Sync is { } testSync && turn.Sync is { } turnSync)
        {
            return Code.Of(frame =>
            {
                for (var first = true; ; first = false)
                {
                    if (frame.Budget.ChargeStep(Span) is { } spent) return Completion.Fail(spent);
                    if ((testsFirst || !first) && !GoesOn(testSync(frame), out var ended)) return ended;
                    if (Ends(turnSync(frame), out var result)) return result;
                }
            });
        }

        return Code.Waiting(async frame =>
        {
            for (var first = true; ; first = false)
            {
                if (frame.Budget.ChargeStep(Span) is { } spent) return Completion.Fail(spent);
                if ((testsFirst || !first) && !GoesOn(await test.RunAsync(frame).ConfigureAwait(false), out var ended))
                    return ended;
                if (Ends(await turn.RunAsync(frame).ConfigureAwait(false), out var result)) return result;
            }
        });
    }

    /// <summary>Whether a turn's end is the loop's end.</summary>
    internal static bool Ends(in Completion turn, out Completion result)
    {
        result = turn.Signal == Signal.Break ? Completion.Of(turn.Value) : turn;
        return !turn.IsValue && turn.Signal != Signal.Continue;
    }

    private bool GoesOn(in Completion test, out Completion ended)
    {
        ended = If.AsCondition(test, _condition?.Span ?? Span);
        if (!ended.IsValue) return false;
        var goesOn = ended.Value.AsBoolean() == wanted;
        ended = Completion.Unit;
        return goesOn;
    }
}
