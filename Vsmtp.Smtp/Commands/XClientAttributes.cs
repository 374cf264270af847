using System.Net;

namespace Vsmtp.Smtp.Commands;

/// <summary>
/// For whom an SMTP proxy speaks, as XCLIENT tells it (Postfix XCLIENT_README). Null is <c>[UNAVAILABLE]</c>, <c>[TEMPUNAVAIL]</c>, or what was not
/// said; ADDR is always told, or a client of whom nothing is known would pass for the proxy. NAME, PROTO and HELO are read and not kept: a name is looked up by rules, and the proxy says EHLO itself.
/// </summary>
public sealed record XClientAttributes
{
    /// <summary>ADDR: the client's.</summary>
    public IPAddress Address { get; init; } = IPAddress.None;

    /// <summary>PORT: the client's, 0 to 65535.</summary>
    public int? Port { get; init; }

    /// <summary>DESTADDR: where the client came in.</summary>
    public IPAddress? ServerAddress { get; init; }

    /// <summary>DESTPORT.</summary>
    public int? ServerPort { get; init; }

    /// <summary>LOGIN: whom the client has shown the proxy to be, prepared (RFC 4013).</summary>
    public string? Login { get; init; }
}
