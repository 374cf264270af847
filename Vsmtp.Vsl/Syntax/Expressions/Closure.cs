using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary><c>|a, b| statement</c>. Sees its parameters, not the variables around it (language §6).</summary>
internal sealed class Closure(Identifier[] parameters, Node body, SourceSpan span) : Node(span)
{
    private readonly FunctionCode _code = new("closure", parameters.Length, span, isClosure: true);

    public override string Type => "Fn";

    /// <summary>Looks at where the body ends once it is bound; set before the closure is.</summary>
    public Action<IEnumerable<Node>>? Check { get; set; }

    public override void Print(SyntaxPrinter printer) =>
        printer.Text("|").Names(parameters).Text("| ").Node(body);

    public override Node Bind(Binder binder)
    {
        binder.BindFunction(_code, parameters, body, Check);
        return this;
    }

    public override Code Compile() =>
        Code.Of(frame => Completion.Of(new FunctionValue(_code.Name, new ScriptCallable(_code, frame.Module), [])));
}
