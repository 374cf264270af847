using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary><c>x[i]</c>.</summary>
internal sealed class IndexAccess(Node target, Node index, SourceSpan span) : Node(span)
{
    public Node Target { get; private set; } = target;

    public Node Index { get; private set; } = index;

    public override void Print(SyntaxPrinter printer) =>
        printer.Operand(Target).Text(Target is SafeChain.Hole ? "?[" : "[").Node(Index).Text("]");

    public override Node Bind(Binder binder)
    {
        Target = binder.Bind(Target);
        Index = binder.Bind(Index);
        return this;
    }

    public override Code Compile() => Read(keep: true);

    public override Code CompileBorrowed() => Read(keep: false);

    private Code Read(bool keep) =>
        Combine.Then(Target.CompileBorrowed(), Index.CompileBorrowed(), (Frame frame, in Value value, in Value index) =>
        {
            var read = Access.Index(frame, value, index, Span);
            if (keep) read.Value.Share();
            return read;
        });
}
