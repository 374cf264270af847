using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary><c>service NAME KIND = e</c>: an expression that also declares and exports NAME (language §14).</summary>
/// <param name="kind">With its colon where there is one: <c>db:csv</c>.</param>
internal sealed class ServiceExpression(Identifier name, Identifier kind, Node value, SourceSpan span) : Node(span)
{
    private Node _value = value;
    private IServiceFactory? _factory;
    private int _slot;

    public override void Print(SyntaxPrinter printer) =>
        printer.Text($"service {name.Name} {kind.Name} = ").Node(_value);

    public override Node Bind(Binder binder)
    {
        _value = binder.Bind(_value);
        _slot = binder.Declare(name, isConstant: true, isExported: true).Slot;
        _factory = binder.Host.Services;
        binder.CheckKind("service kind", kind, _factory?.Kinds);
        return this;
    }

    public override Code Compile() => Combine.Then(_value.Compile(), (Frame frame, in Value value) =>
    {
        var made = _factory!.Create(new ServiceDeclaration(name.Name, kind.Name, value, new HostCall(frame.Run, this))).At(Span);
        if (made.IsValue) frame.Slots[_slot] = made.Value.Share();
        return made;
    });
}
