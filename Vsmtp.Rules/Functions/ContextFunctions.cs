using System.Net;
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
        From(api, "mail_from", Stage.Mail, context => context.Sender is { } path ? Value.From(new AddressObject(path.Address)) : (Value?)null);
        From(api, "rcpt", Stage.Rcpt, context => context.Recipients is [.., var last] ? Address(last) : (Value?)null);
        Always(api, "rcpt_list", context => Value.From(new RecipientList([.. context.Recipients.Select(Address)])));
        From(api, "mail_timestamp", Stage.Mail, context => context.MailAt is { } at ? Value.From(new Instant(at)) : (Value?)null);
        From(api, "message_id", Stage.Mail, context => context.MessageId is { } id ? Value.From(id) : (Value?)null);
    }

    private static void RegisterHandles(ScriptHostBuilder host)
    {
        var (context, message, server) = (Value.From(new ContextHandle()), Value.From(new MessageHandle()), Value.From(new ServerHandle()));
        host.Function("ctx", 0, (_, _) => context);
        host.Function("msg", 0, (_, _) => message);
        host.Function("srv", 0, (_, _) => server);
    }

    private static void Connection(RuleApi api, string side, Func<RuleContext, IPEndPoint> get)
    {
        Always(api, $"{side}_address", context => new IPEndPoint(IpText.Normalize(get(context).Address), get(context).Port).ToString());
        Always(api, $"{side}_ip", context => IpText.Normalize(get(context).Address).ToString());
        Always(api, $"{side}_port", context => get(context).Port);
    }

    private static void Always(RuleApi api, string name, Func<RuleContext, Value> get) =>
        api.OnContext(name, 0, (state, _) => get(state.Context));

    /// <summary>A field that does not exist from the start.</summary>
    private static void From(RuleApi api, string name, Stage first, Func<RuleContext, Value?> get) =>
        api.OnContext(name, 0, (state, _) => get(state.Context) is { } value ? value : Missing(name, first, state));

    private static Completion Missing(string name, Stage first, StageState state) => Completion.Error(
        $"the field: `{name}` is not defined in the stage `{state.Stage.ToText()}`; the first stage that has it is `{first.ToText()}`");

    private static Value Address(RuleRecipient recipient) => Value.From(new AddressObject(recipient.Address));
}
