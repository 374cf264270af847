using Vsmtp.Dns.Names;

namespace Vsmtp.Dns.Messages;

/// <summary>What is asked, in the class IN (RFC 1035 §4.1.2).</summary>
public readonly record struct DnsQuestion(DnsName Name, DnsType Type)
{
    public override string ToString() => $"{Name} {Type.ToString().ToUpperInvariant()}";
}
