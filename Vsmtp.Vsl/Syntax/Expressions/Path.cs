using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary><c>a::b::c</c>, unresolved.</summary>
internal sealed class Path(IReadOnlyList<string> names, SourceSpan span) : Node(span)
{
    public string Text => string.Join("::", names);

    public override void Print(SyntaxPrinter printer) =>
        printer.Text(Text);

    public override Node Bind(Binder binder) => binder.Names.Variable(names, Span) ?? this;

    // Reached only when binding reported the name.
    public override Code Compile() => Code.Of(_ => EngineError.VariableNotFound(Text, Span));
}
