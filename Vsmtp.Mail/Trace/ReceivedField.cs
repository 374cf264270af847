using System.Net;
using System.Text;
using Vsmtp.Mail.Addresses;

namespace Vsmtp.Mail.Trace;

/// <summary>The trace of one acceptance (RFC 5321 §4.4).</summary>
/// <param name="HeloName">What the client called itself, or null when it said nothing.</param>
/// <param name="Client">Where the connection came from.</param>
/// <param name="ByDomain">Our name.</param>
/// <param name="Protocol">SMTP, ESMTP, ESMTPS, ESMTPA, UTF8SMTP, … (RFC 3848, RFC 6531 §4.3).</param>
/// <param name="Id">Our id of the mail.</param>
/// <param name="Time">When it was accepted.</param>
public sealed record ReceivedField(
    string? HeloName, IPAddress Client, string ByDomain, string Protocol, string Id, DateTimeOffset Time)
{
    public const string Name = "Received";

    /// <summary>Null: it came in clear.</summary>
    public TlsTrace? Tls { get; init; }

    /// <summary>The whole field, folded, with its last CRLF.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(ToString());

    public override string ToString()
    {
        var client = AddressLiteral.Format(Client);
        // The brackets are gone from the name of a client that gave its address; RFC 5321 §4.4 wants a domain or literal first.
        var from = HeloName is null ? client : IPAddress.TryParse(HeloName, out var ip) ? AddressLiteral.Format(ip) : HeloName;
        // The comment is what programs read, the clause what RFC 8314 §4.3 asks for.
        var tls = Tls is null
            ? ""
            : $"\r\n\t(version={Clean(Tls.Version)} cipher={Clean(Tls.Cipher)}) tls {Clean(Tls.Cipher)}";
        return $"{Name}: from {Clean(from)} ({client})\r\n"
            + $"\tby {Clean(ByDomain)} with {Clean(Protocol)} id {Clean(Id)}{tls};\r\n"
            + $"\t{MailDate.Format(Time)}\r\n";
    }

    /// <summary>No word of a peer's may end its place in the field.</summary>
    private static string Clean(string word) =>
        string.Create(word.Length, word, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                var c = source[i];
                span[i] = char.IsControl(c) || char.IsWhiteSpace(c) || c is '(' or ')' or ';' or '\\' or '"' ? '_' : c;
            }
        });
}
