using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Vsmtp.Rules.Loading;
using Vsmtp.Rules.Services;
using Vsmtp.Vsl;

namespace Vsmtp.Rules;

/// <summary>What can only be seen from rules and listeners together.</summary>
public static class RuleSetChecks
{
    /// <summary>A receiver that no listener serves; a delegator that is a listener of our own.</summary>
    /// <param name="listeners">All addresses on which the server listens.</param>
    public static ImmutableArray<Diagnostic> Check(RuleSet set, IReadOnlyList<IPEndPoint> listeners)
    {
        var used = Enum.GetValues<Stage>().SelectMany(stage => set[stage]).SelectMany(d => d.ServiceNames).ToHashSet();
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var service in set.Declared.Values.OrderBy(s => s.Settings.Name, StringComparer.Ordinal))
        {
            // A service that no directive names does no harm yet.
            var severity = used.Contains(service.Settings.Name) ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning;
            diagnostics.AddRange(Faults(service, listeners)
                .Select(fault => new Diagnostic(severity, fault.Text, service.Span) { Code = fault.Code }));
        }

        return diagnostics.ToImmutable();
    }

    private static IEnumerable<(string Code, string Text)> Faults(DeclaredService service, IReadOnlyList<IPEndPoint> listeners)
    {
        var settings = service.Settings;
        _ = EndpointText.TryParseIp(settings.Receiver, out var receiver);
        if (!listeners.Any(listener => Serves(listener, receiver)))
        {
            yield return (
                DiagnosticCodes.ReceiverNotServed,
                $"service `{settings.Name}`: nothing listens on its receiver {settings.Receiver}; add it to `addr` in [server.interfaces]");
        }

        _ = EndpointText.TryParse(settings.Delegator, out var host, out var port);
        if (AddressesOf(host).Any(address => listeners.Append(receiver).Any(own => Reaches(address, port, own))))
        {
            yield return (
                DiagnosticCodes.DelegatesToItself,
                $"service `{settings.Name}`: its delegator {settings.Delegator} is this server itself, so mails would go round for ever");
        }
    }

    /// <summary>An unspecified receiver matches by port alone; an unspecified listener takes what comes to any address.</summary>
    private static bool Serves(IPEndPoint listener, IPEndPoint receiver) =>
        listener.Port == receiver.Port
        && (IsAny(receiver.Address) || TakesAny(listener.Address, receiver.Address) || listener.Address.Equals(receiver.Address));

    /// <summary>Whether that is an address of ours: of an unspecified one only loopback is known for sure.</summary>
    private static bool Reaches(IPAddress address, int port, IPEndPoint own) =>
        port == own.Port
        && (address.Equals(own.Address) || (TakesAny(own.Address, address) && (IPAddress.IsLoopback(address) || IsAny(address))));

    /// <summary><c>[::]</c> takes IPv4 too.</summary>
    private static bool TakesAny(IPAddress listener, IPAddress address) =>
        listener.Equals(IPAddress.IPv6Any)
        || (listener.Equals(IPAddress.Any) && address.AddressFamily is AddressFamily.InterNetwork);

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    /// <summary>Names are resolved at each connect, not here; but one name is known everywhere (RFC 6761 §6.3).</summary>
    private static IEnumerable<IPAddress> AddressesOf(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
        : IPAddress.TryParse(host, out var address) ? [address]
        : [];
}
