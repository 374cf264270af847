using System.Diagnostics.CodeAnalysis;
using Vsmtp.Rules.Api;
using Vsmtp.Rules.Objects;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary><c>next accept faccept deny info quarantine</c>.</summary>
internal static class StatusFunctions
{
    public static void AddTo(ApiTable api)
    {
        api.Section(
            "Statuses",
            "What a rule gives. Two are equal when kind, reply and name are. `code` is a code object or a text such as "
            + "`\"554 5.7.1 no\"`; where the effect of each is told by stage: [rules.md](rules.md#statuses).");
        api.Global(
            new ApiDoc("next() -> status", "Goes on with the next directive.") { Newer = ["state::next"] },
            (_, _) => Value.From(Status.Next));
        Add(api, "accept", RuleStatusKind.Accept, "Ends this stage; the next one runs.", "a code from 400 on");
        Add(api, "faccept", RuleStatusKind.ForceAccept, "Accepts and skips all rules that follow, those of later stages "
            + "too.", "a code from 400 on");
        Add(api, "deny", RuleStatusKind.Deny, "Refuses: before the 250 the client is told, after it the mail is kept in "
            + "`dead`.", "a code below 400");
        api.Global(
            new ApiDoc("info(code: code) -> status", "Answers with the code and leaves everything as it was; the connection stays.")
            {
                Newer = ["state::info"],
            },
            (call, a) => WithReply("info", RuleStatusKind.Info, call, a[0]));
        api.Global(
            new ApiDoc("quarantine(name: text) -> status", "Sets the mail aside under this name; nobody gets it unless it is released.")
            {
                Newer = ["state::quarantine"], Errors = $"a name that is none; {QuarantineName.Rule}",
            },
            (call, a) => Quarantine(call, a[0]));
        api.Global(
            new ApiDoc("packet(text: text) -> status", "Gives the server the password of the client that authenticates by a mechanism which "
                + "does not show it: CRAM-MD5 or SCRAM-SHA-256. An error in other stages than `authenticate`."),
            (call, a) => Argument.TryText(a[0], out var text, out var error)
                ? Value.From(new Status(RuleStatusKind.Packet, call.CallSite, packet: new HiddenText(text)))
                : error);
    }

    private static void Add(ApiTable api, string name, RuleStatusKind kind, string text, string wrongCode)
    {
        api.Global(new ApiDoc($"{name}() -> status", text) { Newer = [$"state::{name}"] }, (call, _) => new Status(kind, call.CallSite));
        api.Global(
            new ApiDoc($"{name}(code: code) -> status", "The same with a reply of your own.") { Newer = [$"state::{name}"], Errors = wrongCode },
            (call, a) => WithReply(name, kind, call, a[0]));
    }

    private static Completion WithReply(string name, RuleStatusKind kind, HostCall call, in Value code)
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

        return Value.From(new Status(kind, call.CallSite, reply));
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
    private static Completion Quarantine(HostCall call, in Value value)
    {
        if (!Argument.TryText(value, out var name, out var error)) return error;
        return QuarantineName.IsValid(name)
            ? Value.From(new Status(RuleStatusKind.Quarantine, call.CallSite, quarantine: name))
            : Completion.Error($"`{name}` cannot be the name of a quarantine: {QuarantineName.Rule}");
    }
}
