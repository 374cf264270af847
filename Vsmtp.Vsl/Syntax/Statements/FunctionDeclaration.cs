using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Statements;

/// <summary>
/// <c>fn name(a, b) { … }</c> at the top level of a file. Declared before anything runs; as a statement it does nothing.
/// </summary>
/// <param name="copyBody">Builds the body's tree again, for a call in the caller's scope.</param>
internal sealed class FunctionDeclaration(
    Identifier name, Identifier[] parameters, Node body, Func<Node> copyBody, bool isPrivate, SourceSpan span) : Node(span)
{
    public Identifier Name { get; } = name;

    public Identifier[] Parameters { get; } = parameters;

    public Node Body { get; } = body;

    public bool IsPrivate { get; } = isPrivate;

    public FunctionCode Code { get; } = new(name.Name, parameters.Length, name.Span, isClosure: false);

    public Node CopyBody() => copyBody();

    public override string Type => StaticTypes.Unit;

    public override void Print(SyntaxPrinter printer) =>
        printer.Text(IsPrivate ? "private fn " : "fn ").Name(Name).Text("(").Names(Parameters).Text(") ").Node(Body);

    public override Node Bind(Binder binder)
    {
        if (!binder.Scope.IsTopLevel || binder.Scope.Depth > 0)
            binder.Error(DiagnosticCodes.NestedFunction, "functions are declared at the top level of a file only", Name.Span);
        return this;
    }

    public override Code Compile() => Evaluation.Code.Constant(Value.Unit);
}
