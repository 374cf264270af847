using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;
using Vsmtp.Vsl.Syntax.Expressions;

namespace Vsmtp.Vsl.Syntax.Statements;

/// <summary><c>import "path" as alias;</c>. The module was loaded and run before; this only gives it a name.</summary>
internal sealed class Import(Node path, Identifier? alias, SourceSpan span) : Node(span)
{
    public Node Path { get; } = path;

    public Identifier? Alias { get; } = alias;

    /// <summary>Null: the path is no literal string, which was reported.</summary>
    public string? Target => Path is Literal { Value: var value } && value.TryAsString(out var text) ? text : null;

    public override string Type => StaticTypes.Unit;

    public override void Print(SyntaxPrinter printer) =>
        printer.Text("import ").Node(Path).Name(Alias, " as ");

    public override Node Bind(Binder binder)
    {
        if (Target is null) binder.Bind(Path);
        binder.DeclareImport(this);
        return this;
    }

    public override Code Compile() => Code.Constant(Value.Unit);
}
