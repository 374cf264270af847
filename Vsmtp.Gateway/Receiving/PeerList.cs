using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Vsmtp.Mail.Delegation;

namespace Vsmtp.Gateway.Receiving;

/// <summary>Who may bring mails back to a receiver: addresses, CIDR ranges, and names, which are looked up at each connection.</summary>
internal static class PeerList
{
    private static readonly TimeSpan LookupTimeout = TimeSpan.FromSeconds(5);

    public static async ValueTask<bool> AllowsAsync(
        ImmutableArray<SmtpServiceSettings> services, IPAddress peer, CancellationToken cancellationToken)
    {
        foreach (var entry in services.SelectMany(PeersOf))
        {
            if (await IsAsync(entry, peer, cancellationToken).ConfigureAwait(false)) return true;
        }

        return false;
    }

    private static IEnumerable<string> PeersOf(SmtpServiceSettings service) =>
        service.Peers.IsEmpty ? [HostOf(service.Delegator)] : service.Peers;

    private static string HostOf(string hostAndPort) => hostAndPort[..hostAndPort.LastIndexOf(':')].Trim('[', ']');

    private static async ValueTask<bool> IsAsync(string entry, IPAddress peer, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(entry, out var address)) return address.Equals(peer);
        if (IPNetwork.TryParse(entry, out var network)) return network.Contains(peer);
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(LookupTimeout);
            var addresses = await System.Net.Dns.GetHostAddressesAsync(entry, timeout.Token).ConfigureAwait(false);
            return addresses.Contains(peer);
        }
        catch (Exception failed) when (failed is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;                                      // a name that nobody knows lets nobody in
        }
    }
}
