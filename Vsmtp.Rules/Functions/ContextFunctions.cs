using System.Net;
using Vsmtp.Mail.Addresses;
using Vsmtp.Rules.Api;
using Vsmtp.Rules.Objects;
using Vsmtp.Rules.Running;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>The getters of the transaction.</summary>
internal static class ContextFunctions
{
    public static void AddTo(ApiTable api)
    {
        api.Section(
            "Transaction",
            "Also properties of `ctx()`: `ctx().client_ip`. What does not exist yet at a stage is a script error that names the "
                + "first stage that has it.");
        Connection(api, "client", "The client's", context => context.Client);
        Connection(api, "server", "The server's", context => context.Server);
        Always(api, "connection_timestamp", "time", "When the client connected; its text is the seconds since 1970.",
            context => Value.From(new Instant(context.ConnectedAt)));
        Always(api, "server_name", "string", "`server.domain`, or the name that the client asked for in TLS.",
            context => context.ServerName);
        Always(api, "is_secured", "bool", "Whether the connection is encrypted.", context => context.IsSecured);
        Always(api, "tls_version", "string", "`TLSv1.2` or `TLSv1.3`; empty when the connection is in clear.", context => context.TlsVersion ?? "");
        Always(api, "tls_cipher", "string", "The cipher suite's registered name, as `TLS_AES_256_GCM_SHA384`; empty when the connection is in clear.",
            context => context.TlsCipher ?? "");
        From(api, "helo", "string", "The argument of HELO or EHLO.", Stage.Helo,
            context => context.Helo is { } helo ? Value.From(helo) : (Value?)null);
        From(api, "mail_from", "address", "The envelope's sender. The null sender is equal to `\"\"` and to `\"null\"`.", Stage.Mail,
            context => context.Sender is { } path ? Address(path.Address) : (Value?)null);
        From(api, "rcpt", "address", "The envelope's last recipient: in `rcpt` the one that is asked about.", Stage.Rcpt,
            context => context.Recipients is [.., var last] ? Address(last.Address) : (Value?)null);
        Always(api, "rcpt_list", "array", "The envelope's recipients; empty before `rcpt`. Takes `[i]`, `len`, `for`, `in`, "
            + "`.local_parts`, `.domains`, `map`, `filter`, `some`, `all`.",
            context => Value.From(Recipients(context)));
        From(api, "mail_timestamp", "time", "When MAIL was given.", Stage.Mail,
            context => context.MailAt is { } at ? Value.From(new Instant(at)) : (Value?)null);
        From(api, "message_id", "string", "The mail's id in queues, logs and commands; not the Message-ID header.", Stage.Mail,
            context => context.MessageId is { } id ? Value.From(id) : (Value?)null);
    }

    private static void Connection(ApiTable api, string side, string whose, Func<RuleContext, IPEndPoint> get)
    {
        IPAddress Address(RuleContext context) => IpText.Normalize(get(context).Address);
        Always(api, $"{side}_address", "string", $"{whose} address and port, `192.0.2.1:25` or `[2001:db8::1]:25`.",
            context => new IPEndPoint(Address(context), get(context).Port).ToString());
        Always(api, $"{side}_ip", "string", $"{whose} IP address.", context => Address(context).ToString());
        Always(api, $"{side}_port", "int", $"{whose} port.", context => get(context).Port);
    }

    private static void Always(ApiTable api, string name, string type, string text, Func<RuleContext, Value> get) =>
        api.OnContext(new ApiDoc($"{name}() -> {type}", text) { Newer = [$"ctx::{name}"] }, (state, _) => get(state.Context));

    /// <summary>A field that does not exist from the start.</summary>
    private static void From(ApiTable api, string name, string type, string text, Stage first, Func<RuleContext, Value?> get) =>
        api.OnContext(
            new ApiDoc($"{name}() -> {type}", text) { Newer = [$"ctx::{name}"], First = first },
            (state, _) => get(state.Context) is { } value ? value : Missing(name, first, state));

    /// <summary>What reading a field too early gives.</summary>
    public static Completion Missing(string name, Stage first, StageState state) => Completion.Error(
        $"the field: `{name}` is not defined in the stage `{state.Stage.ToText()}`; "
        + $"the first stage that has it is `{first.ToText()}`");

    private static RecipientList Recipients(RuleContext context) => new([.. context.Recipients.Select(r => Address(r.Address))]);

    private static Value Address(MailAddress? address) => Value.From(new AddressObject(address));
}
