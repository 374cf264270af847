using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary>A name: a local variable, or a constant of the host.</summary>
internal sealed class Variable(string name, SourceSpan span) : Node(span)
{
    public string Name { get; } = name;

    /// <summary>Null after binding: no such variable is visible here.</summary>
    public LocalVariable? Local { get; private set; }

    public override string? Type => Local?.Type;

    public override void Print(SyntaxPrinter printer) =>
        printer.Text(Name);

    public override Node Bind(Binder binder)
    {
        Local = binder.Scope.Find(Name);
        if (Local is not null)
        {
            Local.IsRead = true;
            return this;
        }

        if (binder.Host.Root.TryGetConstant(Name, out var constant)) return new Literal(constant, Span);
        if (binder.Unit.Functions.Keys.Any(f => f.Name == Name)) return new FunctionName(Name, Span);
        binder.ReportUnknownVariable(this);
        return this;
    }

    public override Code Compile()
    {
        if (Local is not { Slot: var slot }) return Missing();
        return Code.Of(frame => frame.Slots[slot].Share());
    }

    public override Code CompileBorrowed()
    {
        if (Local is not { Slot: var slot }) return Missing();
        return Code.Of(frame => frame.Slots[slot]);
    }

    private Code Missing() => Code.Of(_ => EngineError.VariableNotFound(Name, Span));
}
