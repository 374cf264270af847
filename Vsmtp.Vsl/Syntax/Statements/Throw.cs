using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Statements;

/// <summary><c>throw e;</c>, or <c>throw;</c> which inside a catch block throws the caught error again.</summary>
internal sealed class Throw(Node? value, SourceSpan span) : Node(span)
{
    private Node? _value = value;
    private int _caughtSlot = -1;

    public override bool Leaves => true;

    public override void Print(SyntaxPrinter printer) =>
        printer.Text("throw").Optional(_value, " ");

    public override Node Bind(Binder binder)
    {
        _value = _value is null ? null : binder.Bind(_value);
        _caughtSlot = binder.Scope.CaughtSlot;
        return this;
    }

    public override Code Compile()
    {
        if (_value is not null) return Combine.Then(_value.Compile(), (Frame _, in Value value) => Fail(value));
        if (_caughtSlot < 0) return Code.Of(_ => Fail(Value.Unit));
        return Code.Of(frame => Completion.Fail(((Try.Caught)frame.Slots[_caughtSlot].AsHost()).Error));
    }

    private Completion Fail(in Value value)
    {
        var text = value.IsUnit ? "Runtime error" : $"Runtime error: {value.ToText()}";
        return Completion.Fail(new ScriptError(ScriptErrorKind.Thrown, text, Span, value));
    }
}
