using System.Net;
using Vsmtp.Dns;
using Vsmtp.Dns.Names;
using Vsmtp.Mail.Addresses;
using Vsmtp.Rules.Api;
using Vsmtp.Rules.Objects;
using Vsmtp.Rules.Running;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>What DNS says of names and addresses.</summary>
/// <remarks>A name that does not exist is an error, as it was before: scripts that ask lists of bad clients catch it.</remarks>
internal static class DnsFunctions
{
    /// <summary>RFC 7505 §4.2.</summary>
    private static readonly RuleReply NullMx = new(550, "5.7.27", "Sender address has null MX");

    private const string NotNow = "what cannot be looked up for now";

    public static void AddTo(ApiTable api)
    {
        api.Section("Names and addresses", "Asked of the servers that `server.dns` names, and of hosts(5).");
        api.GlobalAsync(
            new ApiDoc("lookup(host: text) -> array", "The addresses of a host, as texts, in the order of `server.dns.options.ip_strategy`.")
            {
                Newer = ["dns::lookup"], Errors = $"a host that does not exist or has no address; {NotNow}",
            },
            LookupAsync);
        api.GlobalAsync(
            new ApiDoc("rlookup(ip: text) -> array", "The names that an address claims to have.")
            {
                Newer = ["dns::rlookup"], Errors = $"a text that is no address; an address without a name; {NotNow}",
            },
            ReverseLookupAsync);
        api.OnAsync(
            ApiReceivers.None,
            new ApiDoc("check_null_mx_sender() -> status", "Denies, with 550 5.7.27, a sender whose domain says by a null MX that it takes no mail "
                + "(RFC 7505): nobody could answer him. All others, and those of whom DNS says nothing for now, give `next`.") { First = Stage.Mail },
            CheckNullMxAsync);
    }

    private static async ValueTask<Completion> CheckNullMxAsync(StageState state, HostCall call, Value[] arguments)
    {
        if (state.Context.Sender is not { } sender) return Completion.Error("check_null_mx_sender: the field: `mail_from` is not defined");
        if (sender.Address is not { } address || AddressLiteral.TryParse(address.Domain, out _)) return Value.From(Status.Next);
        if (Resolver(call) is not { } resolver) return NoResolver;
        return await resolver.LookupMxAsync(address.Domain, call.Cancellation).ConfigureAwait(false) is MxLookup.NullMx
            ? Value.From(new Status(RuleStatusKind.Deny, call.CallSite, NullMx))
            : Value.From(Status.Next);
    }

    private static async ValueTask<Completion> LookupAsync(HostCall call, Value[] arguments)
    {
        if (!Argument.TryText(arguments[0], out var host, out var error)) return error;
        if (Resolver(call) is not { } resolver) return NoResolver;
        return ToArray<IPAddress>(await resolver.LookupAddressesAsync(host, call.Cancellation).ConfigureAwait(false), host, static address => address.ToString());
    }

    private static async ValueTask<Completion> ReverseLookupAsync(HostCall call, Value[] arguments)
    {
        if (!Argument.TryText(arguments[0], out var text, out var error)) return error;
        if (!IpText.TryParse(text, out var address)) return Completion.Error($"invalid type conversion expected an IP address, got `{text}`");
        if (Resolver(call) is not { } resolver) return NoResolver;
        return ToArray<DnsName>(await resolver.LookupPtrAsync(address, call.Cancellation).ConfigureAwait(false), text, static name => name.ToString());
    }

    private static IDnsResolver? Resolver(HostCall call) => ((RuleState)call.State!).Options.Resolver;

    private static Completion NoResolver => Completion.Error("there is nobody here to look names up");

    private static Completion ToArray<T>(DnsLookup<T> lookup, string asked, Func<T, string> toText) => lookup switch
    {
        DnsLookup<T>.Found found => Value.From(new VslArray(found.Values.Select(value => Value.From(toText(value))))),
        DnsLookup<T>.NoSuchName => Completion.Error($"`{asked}` does not exist in DNS"),
        DnsLookup<T>.FailedForNow failed => Completion.Error($"`{asked}` cannot be looked up for now: {failed.Detail}"),
        _ => Completion.Error($"DNS knows `{asked}`, and nothing of that kind about it"),
    };
}
