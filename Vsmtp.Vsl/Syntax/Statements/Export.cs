using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Statements;

/// <summary><c>export x;</c> or <c>export x as y;</c>.</summary>
internal sealed class Export(Identifier name, Identifier exportedAs, SourceSpan span) : Node(span)
{
    public override string Type => StaticTypes.Unit;

    public override void Print(SyntaxPrinter printer) =>
        printer.Text($"export {name.Name} as {exportedAs.Name}");

    public override Node Bind(Binder binder)
    {
        binder.Export(name, exportedAs);
        return this;
    }

    public override Code Compile() => Code.Constant(Value.Unit);
}
