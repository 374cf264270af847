using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary><c>f(x)</c> or <c>a::f(x)</c>, unresolved.</summary>
/// <param name="inCallerScope">The form <c>f!(x)</c>: the body of <c>f</c> sees the caller's variables.</param>
internal sealed class Call(IReadOnlyList<string> names, Node[] arguments, bool inCallerScope, SourceSpan span) : Node(span)
{
    public IReadOnlyList<string> Names { get; } = names;

    public Node[] Arguments { get; } = arguments;

    public string Text => string.Join("::", Names);

    public override void Print(SyntaxPrinter printer) =>
        printer.Text(Text).Text(inCallerScope ? "!(" : "(").List(Arguments).Text(")");

    public override Node Bind(Binder binder)
    {
        if (!inCallerScope && binder.Names.Definedness(this) is { } known) return known;
        binder.BindAll(Arguments);
        if (inCallerScope) return binder.Names.InlinedCall(this) ?? this;
        return binder.Names.Function(this) ?? this;
    }

    public override Code Compile() => Combine.Then(Array.ConvertAll(Arguments, a => a.Compile()), (_, values) =>
        EngineError.FunctionNotFound(Text, values, Span));
}
