using System.Text;

namespace Vsmtp.EndToEnd.Tests.Support;

/// <summary>A mail that a test server took.</summary>
/// <param name="Commands">MAIL and RCPT as they came, without CRLF.</param>
/// <param name="Bytes">The message, dots removed.</param>
internal sealed record ReceivedMail(IReadOnlyList<string> Commands, byte[] Bytes)
{
    /// <summary>When the server had said 354, by the monotonic clock: whoever sent the message lived then.</summary>
    public long AskedAt { get; init; }

    /// <summary>It came under TLS.</summary>
    public bool IsSecured { get; init; }

    /// <summary>Octet for character.</summary>
    public string Text => Encoding.Latin1.GetString(Bytes);

    public string Sender => Commands[0].Split('<', '>')[1];

    public IEnumerable<string> Recipients => Commands.Where(c => c.StartsWith("RCPT", StringComparison.Ordinal)).Select(c => c.Split('<', '>')[1]);

    /// <summary>A parameter of MAIL; null when it was not given.</summary>
    public string? MailParameter(string name) =>
        Commands[0].Split(' ').FirstOrDefault(word => word.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    /// <summary>The text of the first header field of the name, unfolded and without blanks around it; null when there is none.</summary>
    public string? Header(string name) => Messages.Header(Text, name);

    /// <summary>The ticket of the delegation header; null when there is none.</summary>
    public string? Ticket => Header("X-VSMTP-DELEGATION")?.Split("ticket=\"") is [_, var rest] ? rest.Split('"')[0] : null;

    /// <summary>The message without the trace that our server put on top.</summary>
    public string TextBelowTrace => Messages.BelowTrace(Text);
}
