using System.Text;

namespace Vsmtp.EndToEnd.Tests.Support;

/// <summary>A mail that a test server took.</summary>
/// <param name="Commands">MAIL and RCPT as they came, without CRLF.</param>
/// <param name="Bytes">The message, dots removed.</param>
internal sealed record ReceivedMail(IReadOnlyList<string> Commands, byte[] Bytes)
{
    /// <summary>Octet for character.</summary>
    public string Text => Encoding.Latin1.GetString(Bytes);

    public IEnumerable<string> Recipients => Commands.Where(c => c.StartsWith("RCPT", StringComparison.Ordinal)).Select(c => c.Split('<', '>')[1]);
}
