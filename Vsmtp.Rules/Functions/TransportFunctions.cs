using System.Diagnostics.CodeAnalysis;
using System.Net;
using Vsmtp.Mail.Addresses;
using Vsmtp.Rules.Objects;
using Vsmtp.Rules.Running;
using Vsmtp.Rules.Services;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>How recipients are served.</summary>
internal static class TransportFunctions
{
    public static void Register(RuleApi api)
    {
        Register(api, "deliver", RuleTransport.Deliver);
        Register(api, "mbox", RuleTransport.Mbox);
        Register(api, "maildir", RuleTransport.Maildir);
        Register(api, "disable_delivery", RuleTransport.None);
        api.OnContext("forward", 2, (state, a) =>
            TryTarget(a[1], out var target, out var error) ? SetOne(state, a[0], RuleTransport.Forward, target) : error);
        api.OnContext("forward_all", 1, (state, a) =>
            TryTarget(a[0], out var target, out var error) ? SetAll(state, RuleTransport.Forward, target) : error);
    }

    private static void Register(RuleApi api, string name, RuleTransport transport)
    {
        api.OnContext(name, 1, (state, a) => SetOne(state, a[0], transport, null));
        api.OnContext($"{name}_all", 0, (state, _) => SetAll(state, transport, null));
    }

    private static Completion SetOne(StageState state, in Value argument, RuleTransport transport, string? target)
    {
        if (!Argument.TryAddress(argument, out var address, out var error)) return error;
        var isFound = false;
        foreach (var recipient in state.Context.Recipients.Where(r => r.Address == address))
        {
            Set(recipient, transport, target);
            isFound = true;
        }

        return isFound ? Completion.Unit : Completion.Error($"the recipient `{address}` is not in the envelope");
    }

    private static Completion SetAll(StageState state, RuleTransport transport, string? target)
    {
        foreach (var recipient in state.Context.Recipients) Set(recipient, transport, target);
        return Completion.Unit;
    }

    private static void Set(RuleRecipient recipient, RuleTransport transport, string? target) =>
        (recipient.Transport, recipient.Target) = (transport, target);

    /// <summary>A domain, an IP address with a port or without, an IPv6 address with a port in brackets.</summary>
    private static bool TryTarget(in Value argument, [NotNullWhen(true)] out string? target, out Completion error)
    {
        if (!Argument.TryText(argument, out target, out error)) return false;
        var isTarget = DomainName.IsValid(target) || IpText.TryParse(target, out _)
            || EndpointText.TryParseIpv6(target) || EndpointText.TryParseIp(target, out IPEndPoint _);
        if (!isTarget) error = Completion.Error($"`{target}` cannot be forwarded to: give a domain, an IP address or ip:port");
        return isTarget;
    }
}
