using System.Diagnostics.CodeAnalysis;

namespace Vsmtp.Dns.Messages;

/// <summary>The types of records that are read or asked for; others are kept as <see cref="DnsRecord.Other"/>.</summary>
[SuppressMessage("Design", "CA1028", Justification = "16 bits on the wire (RFC 1035 §3.2.2).")]
[SuppressMessage("Design", "CA1008", Justification = "No type has the number 0.")]
[SuppressMessage("Naming", "CA1720", Justification = "PTR is a word of DNS.")]
public enum DnsType : ushort
{
    /// <summary>IPv4 address (RFC 1035 §3.4.1).</summary>
    A = 1,

    /// <summary>Name server (RFC 1035 §3.3.11).</summary>
    Ns = 2,

    /// <summary>Canonical name (RFC 1035 §3.3.1).</summary>
    Cname = 5,

    /// <summary>Start of a zone of authority (RFC 1035 §3.3.13).</summary>
    Soa = 6,

    /// <summary>Name of an address (RFC 1035 §3.3.12).</summary>
    Ptr = 12,

    /// <summary>Mail exchange (RFC 1035 §3.3.9).</summary>
    Mx = 15,

    /// <summary>Text (RFC 1035 §3.3.14).</summary>
    Txt = 16,

    /// <summary>IPv6 address (RFC 3596 §2.1).</summary>
    Aaaa = 28,

    /// <summary>Extensions of the message, no record of a name (RFC 6891 §6.1).</summary>
    Opt = 41,

    /// <summary>Certificate of a TLS server (RFC 6698 §2.1).</summary>
    Tlsa = 52,
}
