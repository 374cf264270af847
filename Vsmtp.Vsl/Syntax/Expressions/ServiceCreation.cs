using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary>
/// The call in <c>const NAME = smtp::connect(#{ … })</c>: it makes the service that <c>service NAME smtp = #{ … }</c> makes. What a mail
/// waits for is known by its name, so that only the statement that gives one can make it.
/// </summary>
internal sealed class ServiceCreation : Node
{
    private readonly string _name;
    private readonly string _kind;
    private Node _value;
    private IServiceFactory? _factory;

    private ServiceCreation(string name, string kind, Node value, SourceSpan span)
        : base(span)
    {
        _name = name;
        _kind = kind;
        _value = value;
    }

    /// <returns>Null: the value of the declaration is something else.</returns>
    public static ServiceCreation? Of(Identifier name, Node? value, Binder binder) =>
        value is Call { Arguments: [var options], Names: [var module, _] } call
        && binder.Host.ServiceCalls.TryGetValue(call.Text, out var kind) && !binder.Names.VisibleAliases.ContainsKey(module)
            ? new ServiceCreation(name.Name, kind, options, call.Span)
            : null;

    public override Node Bind(Binder binder)
    {
        _value = binder.Bind(_value);
        _factory = binder.Host.Services;
        return this;
    }

    public override Code Compile() => Combine.Then(_value.Compile(), (Frame frame, in Value value) =>
    {
        var made = _factory!.Create(new ServiceDeclaration(_name, _kind, value, new HostCall(frame.Run, this))).At(Span);
        made.Value.Share();
        return made;
    });
}
