using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary><c>object NAME KIND = e</c>: an expression that also declares and exports NAME (language §13).</summary>
/// <param name="content">The word after <c>file:</c>; null for the other kinds.</param>
internal sealed class ObjectExpression(Identifier name, Identifier kind, Identifier? content, Node value, SourceSpan span)
    : Node(span)
{
    private Node _value = value;
    private IObjectFactory? _factory;
    private int _slot;

    public override string Type => StaticTypes.OfObject(kind.Name);

    public override void Print(SyntaxPrinter printer) =>
        printer.Text($"object {name.Name} {kind.Name}").Name(content, ":").Text(" = ").Node(_value);

    public override Node Bind(Binder binder)
    {
        _value = binder.Bind(_value);
        var variable = binder.Declare(name, isConstant: true, isExported: true);
        (_slot, variable.Type) = (variable.Slot, Type);
        _factory = binder.Host.Objects;
        if (content is { } lines)
        {
            if (kind.Name != "file") binder.Error(DiagnosticCodes.UnknownKind, $"only the kind 'file' takes a content kind, not '{kind.Name}'", kind.Span);
            binder.CheckKind("object content kind", lines, _factory?.ContentKinds);
        }
        else
        {
            binder.CheckKind("object kind", kind, _factory?.Kinds);
            if (kind.Name == "file") binder.Error(DiagnosticCodes.UnknownKind, "the kind 'file' needs a content kind, as in 'file:address'", kind.Span);
        }

        return this;
    }

    public override Code Compile() => Combine.Then(_value.Compile(), (Frame frame, in Value value) =>
    {
        var declaration = new ObjectDeclaration(name.Name, kind.Name, content?.Name, value, new HostCall(frame.Run, this));
        var made = _factory!.Create(declaration).At(Span);
        if (made.IsValue) frame.Slots[_slot] = made.Value.Share();
        return made;
    });
}
