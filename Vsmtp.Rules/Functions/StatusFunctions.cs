using System.Diagnostics.CodeAnalysis;
using Vsmtp.Rules.Objects;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary><c>next accept faccept deny info quarantine</c>.</summary>
internal static class StatusFunctions
{
    public static void Register(ScriptHostBuilder host)
    {
        host.Function("next", 0, (_, _) => Value.From(Status.Next));
        Register(host, "accept", RuleStatusKind.Accept);
        Register(host, "faccept", RuleStatusKind.ForceAccept);
        Register(host, "deny", RuleStatusKind.Deny);
        host.Function("info", 1, (_, arguments) => WithReply("info", RuleStatusKind.Info, arguments[0]));
        host.Function("quarantine", 1, (_, arguments) => Quarantine(arguments[0]));
    }

    private static void Register(ScriptHostBuilder host, string name, RuleStatusKind kind)
    {
        var status = Value.From(new Status(kind));
        host.Function(name, 0, (_, _) => status);
        host.Function(name, 1, (_, arguments) => WithReply(name, kind, arguments[0]));
    }

    private static Completion WithReply(string name, RuleStatusKind kind, in Value code)
    {
        if (!TryReply(code, out var reply, out var fault)) return Completion.Error($"{name}: {fault}");
        // A client that is told 4yz keeps a mail that we have, and one told 2yz drops a mail that we have not.
        if (kind is RuleStatusKind.Accept or RuleStatusKind.ForceAccept && reply.Code >= 400)
        {
            return Completion.Error($"{name}: `{reply}` tells the client that it is refused; use deny or info");
        }

        if (kind is RuleStatusKind.Deny && reply.Code < 400)
        {
            return Completion.Error($"deny: `{reply}` tells the client that it is accepted; a code from 400 on is needed");
        }

        return Value.From(new Status(kind, reply));
    }

    private static bool TryReply(
        in Value value, [NotNullWhen(true)] out RuleReply? reply, [NotNullWhen(false)] out string? fault)
    {
        (reply, fault) = (null, null);
        if (value.TryAsHost<CodeObject>(out var code)) reply = code.Reply;
        else if (value.TryAsString(out var text)) return ReplyText.TryParse(text, out reply, out fault);
        else fault = $"`{value.ToText()}` is not a reply code: give a code object or a string such as \"501 5.7.1 no\"";
        return reply is not null;
    }

    /// <summary>Unlike in the earlier program the transports of the recipients stay: a release delivers with them.</summary>
    private static Completion Quarantine(in Value value)
    {
        if (!Argument.TryText(value, out var name, out var error)) return error;
        return QuarantineName.IsValid(name)
            ? Value.From(new Status(RuleStatusKind.Quarantine, quarantine: name))
            : Completion.Error($"`{name}` cannot be the name of a quarantine: {QuarantineName.Rule}");
    }
}
