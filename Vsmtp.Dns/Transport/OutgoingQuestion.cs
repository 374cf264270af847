using System.Security.Cryptography;
using Vsmtp.Dns.Messages;

namespace Vsmtp.Dns.Transport;

/// <summary>A question as it is sent once: the next try has another id (RFC 5452 §9.2).</summary>
internal sealed class OutgoingQuestion
{
    public OutgoingQuestion(DnsQuestion question, bool edns, bool dnssec)
    {
        Question = question;
        Id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
        Bytes = DnsQueryWriter.Write(Id, question, edns, dnssec);
    }

    public DnsQuestion Question { get; }

    /// <summary>16 bits of chance, unguessable.</summary>
    public ushort Id { get; }

    public ReadOnlyMemory<byte> Bytes { get; }
}
