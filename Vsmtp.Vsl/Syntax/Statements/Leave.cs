using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl.Syntax.Statements;

/// <summary><c>return e</c>, <c>break e</c> and <c>continue</c>.</summary>
internal sealed class Leave(Signal signal, Node? value, SourceSpan span) : Node(span)
{
    private Node? _value = value;

    public override Node Bind(Binder binder)
    {
        if (signal != Signal.Return && !binder.Scope.IsInLoop)
            binder.Error($"'{(signal == Signal.Break ? "break" : "continue")}' is only possible inside a loop", Span);
        _value = _value is null ? null : binder.Bind(_value);
        return this;
    }

    public override Code CompileTail() => signal == Signal.Return ? _value?.CompileTail() ?? Code.Constant(Value.Unit) : Compile();

    public override Code Compile() =>
        Combine.Then(
            _value?.Compile() ?? Code.Constant(Value.Unit),
            (Frame _, in Value value) => Completion.Leave(signal, value));
}
