using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>What <c>ctx()</c>, <c>msg()</c> and <c>srv()</c> give: a thing to call functions on; the data is the run's.</summary>
internal abstract class Handle(string name) : HostObject
{
    public override string TypeName => name;

    /// <summary>One is as good as another: within a run there is but one transaction.</summary>
    public override bool? IsEqualTo(Value other) => other.Kind is ValueKind.Host && other.AsHost().GetType() == GetType();
}

internal sealed class ContextHandle() : Handle("MailContext");

internal sealed class MessageHandle() : Handle("Message");

internal sealed class ServerHandle() : Handle("Server");
