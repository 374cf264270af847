using System.Net;
using Vsmtp.Mail.Addresses;
using Vsmtp.Mail.Headers;

namespace Vsmtp.Rules;

/// <summary>One transaction as rules see and change it; built by gateway or grain. Not for two threads at a time.</summary>
/// <remarks>What is null here does not exist yet: a rule that reads it gets a script error.</remarks>
public sealed class RuleContext
{
    public required IPEndPoint Client { get; init; }

    public required IPEndPoint Server { get; init; }

    /// <summary><c>server.domain</c>, or the name that the client asked for in TLS.</summary>
    public required string ServerName { get; init; }

    public required DateTimeOffset ConnectedAt { get; init; }

    public bool IsSecured { get; set; }

    /// <summary><c>TLSv1.2</c> or <c>TLSv1.3</c>; null in clear.</summary>
    public string? TlsVersion { get; init; }

    /// <summary>The cipher suite's registered name; null in clear.</summary>
    public string? TlsCipher { get; init; }

    public bool IsAuthenticated { get; set; }

    /// <summary>
    /// In <see cref="Stage.Authenticate"/> what is to be judged; later who has authenticated, and how. Null: nobody has, or not yet.
    /// </summary>
    public RuleCredentials? Credentials { get; set; }

    /// <summary>The argument of HELO or EHLO.</summary>
    public string? Helo { get; set; }

    public ReversePath? Sender { get; set; }

    public List<RuleRecipient> Recipients { get; } = [];

    /// <summary>When MAIL was given.</summary>
    public DateTimeOffset? MailAt { get; set; }

    public string? MessageId { get; set; }

    /// <summary>
    /// The header section; changes by rules are in <see cref="HeaderBlock.Edits"/>. Before the message is here it is null,
    /// or, once a rule has added a header, a block of such headers only: see <see cref="TakeMessage"/>.
    /// </summary>
    public HeaderBlock? Headers { get; set; }

    /// <summary>Header section and body, in octets; null before the message is here.</summary>
    public long? MessageBytes { get; set; }

    /// <summary>
    /// Opens what follows the header section in the message as it is stored, from its first octet; the caller disposes the stream.
    /// Null before the message is here.
    /// </summary>
    public Func<CancellationToken, Task<Stream>>? OpenBody { get; set; }

    /// <summary>The visits of the delegate behind which the stage is that are over, the latest last; the engine sets it.</summary>
    public IReadOnlyList<DelegateVisit> Delegations { get; internal set; } = [];

    public required IRuleLog Log { get; init; }

    /// <summary>At the end of DATA: takes the message's headers, and puts those that rules added before in front.</summary>
    /// <param name="openBody">As in <see cref="OpenBody"/>.</param>
    public void TakeMessage(HeaderBlock headers, long messageBytes, Func<CancellationToken, Task<Stream>>? openBody = null)
    {
        foreach (var field in (Headers?.Fields ?? []).Reverse()) headers.Prepend(field.Name, field.Value);
        Headers = headers;
        MessageBytes = messageBytes;
        OpenBody = openBody;
    }

    /// <summary>At HELO, MAIL and RSET: what belonged to the mail before is gone.</summary>
    public void ForgetMail()
    {
        Sender = null;
        Recipients.Clear();
        MailAt = null;
        MessageId = null;
        Headers = null;
        MessageBytes = null;
        OpenBody = null;
    }
}
