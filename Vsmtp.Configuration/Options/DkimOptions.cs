namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server.dkim]</c>, or that of a virtual domain. Not yet in effect.</summary>
public sealed record DkimOptions
{
    /// <summary>Absolute path of a PEM file with an RSA key, PKCS#8 or PKCS#1. Mandatory in the file.</summary>
    public required string PrivateKey { get; init; }
}
