using System.Diagnostics.CodeAnalysis;
using System.Net;
using Vsmtp.Mail.Addresses;
using Vsmtp.Mail.Transfer;
using Vsmtp.Rules.Api;
using Vsmtp.Rules.Objects;
using Vsmtp.Rules.Running;
using Vsmtp.Rules.Services;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>How recipients are served.</summary>
internal static class TransportFunctions
{
    private const string BadRecipient = "a recipient that is not in the envelope";
    private const string BadTarget = "a target that is none";

    public static void AddTo(ApiTable api)
    {
        api.Section(
            "Transports",
            "How recipients are served; without a word about it they are delivered. `…_all` means all recipients that there are "
                + "at the time. "
            + "A `target` is a domain, an IP address, `ip:port` or `[ipv6]:port`, or a URL: `smtp://host:port?tls=…` with `none`, `opportunistic` (the "
            + "default), `required` or `tunnel`, `smtps://host` (TLS from the first octet), `lmtp://host:port` (RFC 2033).");
        Add(api, "deliver", RuleTransport.Deliver, "Sends it to the server that is responsible for its domain.");
        api.OnContext(
            new ApiDoc("forward(rcpt: address, target: text)", "Sends it to this server.")
            {
                Newer = ["transport::forward"], First = Stage.Rcpt, Errors = $"{BadRecipient}; {BadTarget}",
            },
            (state, a) => TryTarget(a[1], out var target, out var error) ? SetOne(state, a[0], RuleTransport.Forward, target) : error);
        api.OnContext(
            new ApiDoc("forward_all(target: text)", "The same for all recipients.")
            {
                Newer = ["transport::forward_all"], First = Stage.Rcpt, Errors = BadTarget,
            },
            (state, a) => TryTarget(a[0], out var target, out var error) ? SetAll(state, RuleTransport.Forward, target) : error);
        Add(api, "mbox", RuleTransport.Mbox, "Puts it into the user's mbox.");
        Add(api, "maildir", RuleTransport.Maildir, "Puts it into the user's Maildir.");
        Add(api, "disable_delivery", RuleTransport.None, "Gives it to nobody. When nobody is left, the mail ends in "
            + "`dead`.", isNewer: false);
    }

    private static void Add(ApiTable api, string name, RuleTransport transport, string text, bool isNewer = true)
    {
        api.OnContext(
            new ApiDoc($"{name}(rcpt: address)", text) { Newer = isNewer ? [$"transport::{name}"] : [], First = Stage.Rcpt, Errors = BadRecipient },
            (state, a) => SetOne(state, a[0], transport, null));
        api.OnContext(
            new ApiDoc($"{name}_all()", "The same for all recipients.") { Newer = isNewer ? [$"transport::{name}_all"] : [], First = Stage.Rcpt },
            (state, _) => SetAll(state, transport, null));
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

    /// <summary>A domain, an IP address with a port or without, an IPv6 address with a port in brackets, a URL.</summary>
    private static bool TryTarget(in Value argument, [NotNullWhen(true)] out string? target, out Completion error)
    {
        if (!Argument.TryText(argument, out target, out error)) return false;
        if (target.Contains(ForwardUrl.Mark, StringComparison.Ordinal))
        {
            if (ForwardUrl.TryParse(target, out _, out var fault)) return true;
            error = Completion.Error($"`{ForwardUrl.WithoutSecrets(target)}` cannot be forwarded to: {fault}");
            return false;
        }

        var isTarget = DomainName.IsValid(target) || IpText.TryParse(target, out _)
            || EndpointText.TryParseIpv6(target) || EndpointText.TryParseIp(target, out IPEndPoint _);
        if (!isTarget) error = Completion.Error($"`{target}` cannot be forwarded to: give a domain, an IP address, ip:port or a URL");
        return isTarget;
    }
}
