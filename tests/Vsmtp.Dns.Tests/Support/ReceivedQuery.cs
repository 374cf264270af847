using System.Net;
using Vsmtp.Dns.Messages;

namespace Vsmtp.Dns.Tests.Support;

/// <summary>A question as a scripted server got it.</summary>
/// <param name="Number">From 1, over both transports.</param>
/// <param name="Send">Sends a message back: a datagram, or one with its length before it.</param>
internal sealed record ReceivedQuery(int Number, bool IsTcp, byte[] Bytes, IPEndPoint Client, Func<byte[], Task> Send)
{
    private DnsMessage Message { get; } = DnsMessageParser.TryParse(Bytes, out var message)
        ? message : throw new InvalidDataException("The question is malformed: " + Convert.ToHexString(Bytes));

    public ushort Id => Message.Header.Id;

    public DnsQuestion Question => Message.Question!.Value;

    public string Name => Question.Name.ToString();

    public bool HasEdns => Message.HasEdns;

    /// <summary>AD, by which we say that we know it.</summary>
    public bool WantsAuthenticData => (Message.Header.Flags & DnsHeader.AuthenticDataFlag) != 0;

    /// <summary>DO, the flag in the last octets but two of the OPT record that ends our questions.</summary>
    public bool WantsSignatures => HasEdns && (Bytes[^4] & 0x80) != 0;

    /// <summary>An answer to it, to be filled.</summary>
    public Response Reply(DnsResponseCode code = DnsResponseCode.NoError, ushort flags = 0x8180) => new(Id, Question) { Code = code, Flags = flags };

    /// <summary>Sends one address for the name.</summary>
    public Task SendAddress(string address, int ttl = 300) =>
        Send(Reply().Answer(Name, DnsType.A, Response.Address(address), ttl).ToBytes());
}
