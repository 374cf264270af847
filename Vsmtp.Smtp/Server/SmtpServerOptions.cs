using System.Net;
using Vsmtp.Smtp.Replies;

namespace Vsmtp.Smtp.Server;

/// <summary>What one listener's sessions have in common.</summary>
public sealed record SmtpServerOptions
{
    /// <summary>Our name in the greeting and EHLO's answer. Default: the machine's host name.</summary>
    public string Domain { get; init; } = Dns.GetHostName();

    /// <summary>What replaces <c>220 DOMAIN Service ready</c>. Default: null.</summary>
    public SmtpReply? Greeting { get; init; }

    public SmtpExtensions Extensions { get; init; } = SmtpExtensions.Default;

    /// <summary>EHLO is answered 502. Default: false.</summary>
    public bool IsEhloDisabled { get; init; }

    /// <summary>
    /// Largest message, in octets without the dots of transparency; announced as SIZE (RFC 1870 §3). Default: 25 MiB.
    /// </summary>
    public long MaxMessageBytes { get; init; } = 25 * 1024 * 1024;

    /// <summary>Largest header section, empty line included: rules hold it in memory. Default: 256 KiB.</summary>
    public int MaxHeaderBytes { get; init; } = 256 * 1024;

    /// <summary>Longest line of a message without its CRLF; RFC 5321 §4.5.3.1.6 asks for 998. Default: 64 KiB.</summary>
    public int MaxBodyLineBytes { get; init; } = 64 * 1024;

    /// <summary>Recipients of one message; the next one is answered 452. Default: 1000.</summary>
    public int MaxRecipients { get; init; } = 1000;

    /// <summary>
    /// From this many 4yz and 5yz replies on, each is followed by <see cref="ErrorDelay"/>; -1 never. Default: 10.
    /// </summary>
    public int SoftErrorCount { get; init; } = 10;

    /// <summary>With this many 4yz and 5yz replies the connection ends; -1 never. Default: 20.</summary>
    public int HardErrorCount { get; init; } = 20;

    /// <summary>Default: 5 seconds.</summary>
    public TimeSpan ErrorDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Null: STARTTLS is answered 454. Default: null.</summary>
    public SmtpServerTls? Tls { get; init; }

    /// <summary>Null: AUTH is answered 502. Default: null.</summary>
    public SmtpServerAuth? Auth { get; init; }

    public SmtpTimeouts Timeouts { get; init; } = new();

    public SmtpReplySet Replies { get; init; } = new();
}
