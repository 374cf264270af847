namespace Vsmtp.Smtp.Server;

/// <summary>What EHLO announces; a parameter of an extension that is not announced is answered 555.</summary>
[Flags]
public enum SmtpExtensions
{
    None = 0,

    /// <summary>RFC 2920. A receiver must not offer it: spampd passes it on to clients that it then loses.</summary>
    Pipelining = 1,

    /// <summary>RFC 1870.</summary>
    Size = 2,

    /// <summary>RFC 6152.</summary>
    EightBitMime = 4,

    /// <summary>RFC 6531.</summary>
    SmtpUtf8 = 8,

    /// <summary>RFC 2034. Without it only replies that a rule made carry an enhanced code.</summary>
    EnhancedStatusCodes = 16,

    /// <summary>RFC 3461. The receiver needs it: the ENVID brings the ticket back.</summary>
    Dsn = 32,

    /// <summary>
    /// Postfix XFORWARD_README. For receivers: a transparent proxy offers its client what it finds here, and passes it on. For clients:
    /// <see cref="SmtpSessionInfo.MayTellOrigin"/>.
    /// </summary>
    XForward = 64,

    /// <summary>
    /// RFC 3030 §2. Without BINARYMIME, since content leaves as it came (design rule 10) and few servers take that. Not for receivers: nothing
    /// comes to them but what went out by DATA.
    /// </summary>
    Chunking = 128,

    /// <summary>What ordinary clients are offered.</summary>
    Default = Pipelining | Size | EightBitMime | SmtpUtf8 | EnhancedStatusCodes | Dsn | Chunking,

    /// <summary>What services that bring mails back are offered.</summary>
    Receiver = Size | EightBitMime | SmtpUtf8 | EnhancedStatusCodes | Dsn | XForward,
}
