using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary>A value that is known when the script is loaded.</summary>
internal sealed class Literal(Value value, SourceSpan span) : Node(span)
{
    public Value Value { get; } = value.Share();

    // Host objects are of several kinds under one name.
    public override string? Type => Value.Kind is ValueKind.Host ? null : Value.TypeName;

    public override void Print(SyntaxPrinter printer) =>
        printer.Text(Value.ToDebug());

    public override Code Compile() => Code.Constant(Value);
}
