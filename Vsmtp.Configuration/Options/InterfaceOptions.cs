using System.Collections.Immutable;
using System.Net;

namespace Vsmtp.Configuration.Options;

/// <summary>
/// The table <c>[server.interfaces]</c>: where the server listens. When the table is given, a list that it lacks is empty.
/// Port 0 takes a free port. An address stands at most once in all lists of listeners.
/// </summary>
public sealed record InterfaceOptions
{
    /// <summary>Plain SMTP: clients, and the receivers of delegation results. Default: <c>127.0.0.1:25</c>.</summary>
    public ImmutableArray<IPEndPoint> Addr { get; init; } = [new(IPAddress.Loopback, 25)];

    /// <summary>Submission (RFC 6409); the protocol is that of <see cref="Addr"/>. Default: <c>127.0.0.1:587</c>.</summary>
    public ImmutableArray<IPEndPoint> AddrSubmission { get; init; } = [new(IPAddress.Loopback, 587)];

    /// <summary>
    /// TLS from the first byte (RFC 8314 §3.3); without <see cref="ServerOptions.Tls"/> nothing listens there. Default: <c>127.0.0.1:465</c>.
    /// </summary>
    public ImmutableArray<IPEndPoint> AddrSubmissions { get; init; } = [new(IPAddress.Loopback, 465)];

    /// <summary>
    /// Peers whose connections to any of our listeners begin with a PROXY protocol header, and without one are closed; nobody
    /// else's header is looked at. An IPv4 range counts for IPv4-mapped peers too. Default: none.
    /// </summary>
    public ImmutableArray<IPNetwork> Balancers { get; init; } = [];

    /// <summary>SMTP proxies of the site, which may say by XCLIENT for whom they speak. Default: none.</summary>
    public ImmutableArray<IPNetwork> XClient { get; init; } = [];

    /// <summary>SMTP servers before ours, which may say by XFORWARD for the logs where a mail came from. Default: none.</summary>
    public ImmutableArray<IPNetwork> XForward { get; init; } = [];
}
