using System.Runtime.CompilerServices;
using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Statements;

/// <summary>
/// Statements in braces, or the top level of a file. Its value is that of the last one, even before a <c>;</c> (language §5).
/// </summary>
internal sealed class Block(Node[] statements, SourceSpan span, bool isTopLevel = false) : Node(span)
{
    public Node[] Statements { get; } = statements;

    public override string? Type => Statements.Length == 0 ? StaticTypes.Unit : Statements[^1].Type;

    public override bool Leaves => Array.Exists(Statements, s => s.Leaves);

    public override Node? EndsWithout(string type) =>
        Statements.Length == 0 ? this : Array.Exists(Statements[..^1], s => s.Leaves) ? null : Statements[^1].EndsWithout(type);

    public override void Print(SyntaxPrinter printer) =>
        printer.Text("{ ").Statements(Statements).Text("}");

    public override Node Bind(Binder binder)
    {
        if (isTopLevel)
        {
            binder.BindAll(Statements);
            binder.Warnings.Statements(Statements);
            return this;
        }

        var aliases = binder.Names.VisibleAliases;
        binder.Scope.Open();
        binder.BindAll(Statements);
        binder.Warnings.Statements(Statements);
        binder.Scope.Close();
        binder.Names.VisibleAliases = aliases;
        return this;
    }

    public override Code Compile() => Compile(Array.ConvertAll(Statements, s => s.Compile()));

    public override Code CompileTail() =>
        Compile([.. Statements.SkipLast(1).Select(s => s.Compile()), .. Statements.TakeLast(1).Select(s => s.CompileTail())]);

    private Code Compile(Code[] codes)
    {
        // Functions and loops charge for what they run, so a block of one statement need not.
        if (codes.Length < 2) return codes is [var only] ? only : Code.Constant(Value.Unit);
        if (Array.TrueForAll(codes, c => !c.MayWait)) return Sync(Array.ConvertAll(codes, c => c.Sync!));
        return Code.Waiting(async frame =>
        {
            Completion last = default;
            if (Charge(frame, Span, codes.Length) is { } spent) return Completion.Fail(spent);
            for (var i = 0; i < codes.Length; i++)
            {
                last = await codes[i].RunAsync(frame).ConfigureAwait(false);
                if (!last.IsValue) return last;
            }

            return last;
        });
    }

    private Code Sync(Evaluate[] codes) => Code.Of(frame =>
    {
        if (frame.Budget.ChargeStep(Span, codes.Length) is { } spent) return Completion.Fail(spent);
        Completion last = default;
        for (var i = 0; i < codes.Length; i++)
        {
            last = codes[i](frame);
            if (!last.IsValue) return last;
        }

        return last;
    });

    /// <summary>With a look at the stack, of which code that may wait takes much; other code is looked at where functions are entered.</summary>
    private static ScriptError? Charge(Frame frame, in SourceSpan span, int steps) =>
        RuntimeHelpers.TryEnsureSufficientExecutionStack()
            ? frame.Budget.ChargeStep(span, steps)
            : frame.Budget.Fail("Too many calls inside each other", span);
}
