namespace Vsmtp.Smtp.Commands;

/// <summary>How long a command line may be, CRLF included, in octets: 512, and the shares of the extensions.</summary>
public static class SmtpCommandLimits
{
    /// <summary>RFC 5321 §4.5.3.1.4.</summary>
    public const int Command = 512;

    /// <summary>
    /// SIZE 26 (RFC 1870 §3), BODY 17 (RFC 6152 §2), SMTPUTF8 10 (RFC 6531 §3.1), AUTH 500 (RFC 4954 §3),
    /// RET and an ENVID of 100 (RFC 3461 §4.3, §4.4).
    /// </summary>
    public const int Mail = Command + 26 + 17 + 10 + 500 + 9 + 7 + 100;

    /// <summary>NOTIFY and an ORCPT of 500 (RFC 3461 §4.1, §4.2).</summary>
    public const int Rcpt = Command + 29 + 7 + 500;

    /// <summary>RFC 4954 §4, as the lines that answer a challenge.</summary>
    public const int Auth = 12288;

    /// <summary>The longest line that some command may have, but for AUTH.</summary>
    public const int Longest = Mail;

    public static int For(SmtpVerb verb) => verb switch
    {
        SmtpVerb.Mail => Mail,
        SmtpVerb.Rcpt => Rcpt,
        SmtpVerb.Auth => Auth,
        _ => Command,
    };
}
