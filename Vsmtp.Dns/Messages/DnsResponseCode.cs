namespace Vsmtp.Dns.Messages;

/// <summary>What a server says of a question (RFC 1035 §4.1.1, RFC 6891 §6.1.3).</summary>
public enum DnsResponseCode
{
    NoError = 0,

    /// <summary>FORMERR: the server could not read the question; old ones say so to EDNS (RFC 6891 §7).</summary>
    FormatError = 1,

    /// <summary>SERVFAIL: the server could not find out.</summary>
    ServerFailure = 2,

    /// <summary>NXDOMAIN: the name does not exist, with no type.</summary>
    NameError = 3,

    /// <summary>NOTIMP: the server does not do such queries.</summary>
    NotImplemented = 4,

    Refused = 5,

    /// <summary>BADVERS: not this version of EDNS (RFC 6891 §6.1.3).</summary>
    BadVersion = 16,
}
