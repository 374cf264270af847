using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary><c>this</c>: the receiver of a method-style call.</summary>
internal sealed class ThisExpression(SourceSpan span) : Node(span)
{
    public override void Print(SyntaxPrinter printer) =>
        printer.Text("this");

    public override Node Bind(Binder binder)
    {
        binder.Scope.Code.UsesThis = true;
        return this;
    }

    public override Code Compile() =>
        Code.Of(frame => frame.Receiver is { } receiver ? receiver.Value.Share() : EngineError.UnboundThis(Span));
}
