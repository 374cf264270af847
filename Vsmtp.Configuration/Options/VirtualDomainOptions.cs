namespace Vsmtp.Configuration.Options;

/// <summary>A table <c>[server.virtual."d"]</c>; of it <c>dkim</c> is not yet in effect.</summary>
public sealed record VirtualDomainOptions
{
    /// <summary>The certificate for clients that name the domain (SNI, RFC 6066 §3); null: the server's own. Default: null.</summary>
    public VirtualTlsOptions? Tls { get; init; }

    /// <summary>How the domain is resolved for deliveries to it; null: as <see cref="ServerOptions.Dns"/>. Default: null.</summary>
    public DnsOptions? Dns { get; init; }

    /// <summary>Null: as <see cref="ServerOptions.Dkim"/>. Default: null.</summary>
    public DkimOptions? Dkim { get; init; }
}
