using System.Globalization;
using Vsmtp.Smtp.Commands;
using Vsmtp.Smtp.Replies;

namespace Vsmtp.Smtp.Server;

/// <summary>
/// The answer to EHLO: our name, and a line for each extension (RFC 5321 §4.1.1.1). No enhanced code (RFC 2034 §4).
/// </summary>
internal static class EhloReply
{
    /// <param name="extensions">Those of the options, and what this client may use beside.</param>
    /// <param name="words">What a rule wants to greet with; stands behind our name.</param>
    public static SmtpReply For(SmtpServerOptions options, SmtpExtensions extensions, SmtpSessionInfo session, SmtpReply? words)
    {
        var lines = new List<string> { words is null ? options.Domain : $"{options.Domain} {string.Join(' ', words.Lines)}" };
        Add(SmtpExtensions.Pipelining, "PIPELINING");
        Add(SmtpExtensions.Size, string.Create(CultureInfo.InvariantCulture, $"SIZE {options.MaxMessageBytes}"));
        Add(SmtpExtensions.EightBitMime, "8BITMIME");
        Add(SmtpExtensions.SmtpUtf8, "SMTPUTF8");
        Add(SmtpExtensions.EnhancedStatusCodes, "ENHANCEDSTATUSCODES");
        Add(SmtpExtensions.Dsn, "DSN");
        Add(SmtpExtensions.Chunking, "CHUNKING");
        if (options.Tls is not null && !session.IsSecured) lines.Add("STARTTLS");      // RFC 3207 §4.2: not again under TLS
        if (options.Auth is { } auth && session.Identity is null && (session.IsSecured || auth.IsAllowedInClear))
            lines.Add($"AUTH {string.Join(' ', auth.Mechanisms)}");                     // RFC 4954 §3: what may be used now
        Add(SmtpExtensions.XForward, $"XFORWARD {XForwardSyntax.Keywords}");
        if (session.MaySpeakForOthers) lines.Add($"XCLIENT {XClientSyntax.Keywords}{(options.Auth is null ? "" : $" {XClientSyntax.Login}")}");
        return new SmtpReply(250, null, lines);

        void Add(SmtpExtensions extension, string line)
        {
            if (extensions.HasFlag(extension)) lines.Add(line);
        }
    }
}
