using Vsmtp.Dns.Messages;
using Vsmtp.Dns.Names;

namespace Vsmtp.Dns;

/// <summary>Knows what DNS says. The shapes that callers want are in <see cref="DnsLookups"/>.</summary>
public interface IDnsResolver
{
    /// <summary>Which addresses of hosts are looked up, and which stand first.</summary>
    DnsAddressOrder AddressOrder { get; }

    /// <summary>Asks for the records of a type that a name has; aliases are followed (RFC 1034 §3.6.2).</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/>, or the resolver is disposed of.</exception>
    ValueTask<DnsAnswer> QueryAsync(DnsName name, DnsType type, CancellationToken cancellationToken = default);
}
