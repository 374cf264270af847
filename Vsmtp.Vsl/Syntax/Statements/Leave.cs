using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Statements;

/// <summary><c>return e</c>, <c>break e</c> and <c>continue</c>.</summary>
internal sealed class Leave(Signal signal, Node? value, SourceSpan span) : Node(span)
{
    private Node? _value = value;

    public Node? Value => _value;

    public override bool Leaves => true;

    public override Node? EndsWithout(string type) => signal != Signal.Return ? null : _value is null ? this : _value.EndsWithout(type);

    public override void Print(SyntaxPrinter printer) =>
        printer.Text(signal == Signal.Return ? "return" : signal == Signal.Break ? "break" : "continue").Optional(_value, " ");

    public override Node Bind(Binder binder)
    {
        if (signal != Signal.Return && !binder.Scope.IsInLoop)
            binder.Error(
                DiagnosticCodes.OutsideLoop, $"'{(signal == Signal.Break ? "break" : "continue")}' is only possible inside a loop", Span);
        _value = _value is null ? null : binder.Bind(_value);
        if (signal == Signal.Return) binder.Scope.Returns.Add(this);
        return this;
    }

    public override Code CompileTail() => signal == Signal.Return ? _value?.CompileTail() ?? Code.Constant(Vsl.Value.Unit) : Compile();

    public override Code Compile() =>
        Combine.Then(
            _value?.Compile() ?? Code.Constant(Vsl.Value.Unit),
            (Frame _, in Value value) => Completion.Leave(signal, value));
}
