using System.Net;
using Vsmtp.Mail.Addresses;
using Vsmtp.Rules.Objects;
using Vsmtp.Rules.Running;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>The getters of the transaction.</summary>
internal static class ContextFunctions
{
    public static void Register(RuleApi api)
    {
        RegisterHandles(api.Host);
        Connection(api, "client", context => context.Client);
        Connection(api, "server", context => context.Server);
        Always(api, "connection_timestamp", context => Value.From(new Instant(context.ConnectedAt)));
        Always(api, "server_name", context => context.ServerName);
        Always(api, "is_secured", context => context.IsSecured);
        Always(api, "is_authenticated", context => context.IsAuthenticated);
        From(api, "helo", Stage.Helo, context => context.Helo is { } helo ? Value.From(helo) : (Value?)null);
        From(api, "mail_from", Stage.Mail, context => context.Sender is { } path ? Address(path.Address) : (Value?)null);
        From(api, "rcpt", Stage.Rcpt, context => context.Recipients is [.., var last] ? Address(last.Address) : (Value?)null);
        Always(api, "rcpt_list", context => Value.From(Recipients(context)));
        From(api, "mail_timestamp", Stage.Mail, context => context.MailAt is { } at ? Value.From(new Instant(at)) : (Value?)null);
        From(api, "message_id", Stage.Mail, context => context.MessageId is { } id ? Value.From(id) : (Value?)null);
    }

    private static void RegisterHandles(ScriptHostBuilder host)
    {
        RegisterHandle(host, "ctx", new ContextHandle());
        RegisterHandle(host, "msg", new MessageHandle());
        RegisterHandle(host, "srv", new ServerHandle());
    }

    private static void RegisterHandle(ScriptHostBuilder host, string name, Handle handle) =>
        host.Function(name, 0, (_, _) => Value.From(handle));

    private static void Connection(RuleApi api, string side, Func<RuleContext, IPEndPoint> get)
    {
        IPAddress Address(RuleContext context) => IpText.Normalize(get(context).Address);
        Always(api, $"{side}_address", context => new IPEndPoint(Address(context), get(context).Port).ToString());
        Always(api, $"{side}_ip", context => Address(context).ToString());
        Always(api, $"{side}_port", context => get(context).Port);
    }

    private static void Always(RuleApi api, string name, Func<RuleContext, Value> get) =>
        api.OnContext(name, 0, (state, _) => get(state.Context));

    /// <summary>A field that does not exist from the start.</summary>
    private static void From(RuleApi api, string name, Stage first, Func<RuleContext, Value?> get) =>
        api.OnContext(name, 0, (state, _) => get(state.Context) is { } value ? value : Missing(name, first, state));

    private static Completion Missing(string name, Stage first, StageState state) => Completion.Error(
        $"the field: `{name}` is not defined in the stage `{state.Stage.ToText()}`; "
        + $"the first stage that has it is `{first.ToText()}`");

    private static RecipientList Recipients(RuleContext context) => new([.. context.Recipients.Select(r => Address(r.Address))]);

    private static Value Address(MailAddress? address) => Value.From(new AddressObject(address));
}
