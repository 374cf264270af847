using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Library;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary><c>x.name</c>.</summary>
internal sealed class Member(Node target, string name, SourceSpan span) : Node(span)
{
    public Node Target { get; private set; } = target;

    public string Name { get; } = name;

    /// <summary>Native functions that may answer for the property.</summary>
    public OverloadSet? Getters { get; private set; }

    public override string? Type => Target.Type is { } target && target != "map" && Getters is { IsOwn: true }
        ? StaticTypes.OfLibrary(Name)
        : null;

    public override void Print(SyntaxPrinter printer) =>
        printer.Operand(Target).Text(Target is SafeChain.Hole ? "?." : ".").Text(Name);

    public override Node Bind(Binder binder)
    {
        Target = binder.Bind(Target);
        Getters = binder.Host.Root.Find(Name, 1);
        if (Getters is { MayWait: true }) binder.Scope.Waits = true;
        return this;
    }

    public override Code Compile() => Read(keep: true);

    public override Code CompileBorrowed() => Read(keep: false);

    private Code Read(bool keep)
    {
        if (Getters is { MayWait: true } getters)
        {
            return Combine.ThenAsync([Target.CompileBorrowed()], (frame, values) =>
                Access.PropertyAsync(frame, values[0], Name, getters, this));
        }

        return Combine.Then(Target.CompileBorrowed(), (Frame frame, in Value value) =>
        {
            var read = Access.Property(frame, value, Name, Getters, this);
            if (keep) read.Value.Share();
            return read;
        });
    }
}
