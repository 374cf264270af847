using Vsmtp.Rules.Api;
using Vsmtp.Rules.Objects;
using Vsmtp.Rules.Running;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>Who may send through this server: hosts that are named, and clients that have authenticated.</summary>
internal static class RelayFunctions
{
    private static readonly RuleReply Denied = new(554, "5.7.1", "Relay access denied");

    public static void AddTo(ApiTable api)
    {
        api.Section("Relaying", "Who may send through this server. `hosts` is a group or an array of addresses and networks.");
        api.OnPaying(
            ApiReceivers.Context,
            new ApiDoc("check_mail_relay(hosts: array) -> status", "Denies, with 554 5.7.1, a sender of our domains from "
                + "elsewhere: not in `hosts`, not authenticated.") { First = Stage.Mail },
            CheckSender);
        api.OnPaying(
            ApiReceivers.Context,
            new ApiDoc("check_rcpt_relay(hosts: array) -> status", "Takes the last recipient out and gives `info` with 554 5.7.1 "
                + "when it is of another domain and the client from elsewhere; the connection stays.") { First = Stage.Rcpt },
            CheckRecipient);
    }

    /// <summary>A sender of our own domains must come from a host or user of ours.</summary>
    private static Completion CheckSender(StageState state, HostCall call, ReadOnlySpan<Value> arguments)
    {
        if (state.Context.Sender is not { } sender) return Missing("check_mail_relay", "mail_from");
        var isOurs = UtilityFunctions.IsInDomain(state.Options, Value.From(new AddressObject(sender.Address)));
        if (!TryTrust(state, arguments[0], out var isTrusted, out var error)) return error;
        return Value.From(isOurs && !isTrusted ? new Status(RuleStatusKind.Deny, call.CallSite, Denied) : Status.Next);
    }

    /// <summary>A recipient elsewhere is for hosts and users of ours; others lose it, and the connection goes on.</summary>
    private static Completion CheckRecipient(StageState state, HostCall call, ReadOnlySpan<Value> arguments)
    {
        var recipients = state.Context.Recipients;
        if (recipients is not [.., var last]) return Missing("check_rcpt_relay", "rcpt");
        var isOurs = UtilityFunctions.IsInDomain(state.Options, Value.From(new AddressObject(last.Address)));
        if (!TryTrust(state, arguments[0], out var isTrusted, out var error)) return error;
        if (isOurs || isTrusted) return Value.From(Status.Next);
        recipients.RemoveAt(recipients.Count - 1);
        return Value.From(new Status(RuleStatusKind.Info, call.CallSite, Denied));
    }

    private static Completion Missing(string function, string field) =>
        Completion.Error($"{function}: the field: `{field}` is not defined");

    private static bool TryTrust(StageState state, in Value hosts, out bool isTrusted, out Completion error)
    {
        var client = Value.From(IpText.Normalize(state.Context.Client.Address).ToString());
        var members = hosts.TryAsHost<VslObject>(out var single) ? single
            : hosts.TryAsArray(out var array) ? new GroupObject("group", [.. array])
            : null;
        isTrusted = state.Context.IsAuthenticated || (members is not null && (members == client || members.Covers(client)));
        error = members is not null
            ? default
            : Completion.Error($"the hosts must be a group or an array, not a value of type {hosts.TypeName}");
        return members is not null;
    }
}
