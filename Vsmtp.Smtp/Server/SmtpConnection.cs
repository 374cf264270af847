using System.IO.Pipelines;
using Vsmtp.Smtp.Wire;

namespace Vsmtp.Smtp.Server;

/// <summary>What a session talks over.</summary>
/// <param name="Pipe">Completed by its owner, after the session has ended.</param>
/// <param name="Pacing">Null to read as soon as there is something.</param>
public sealed record SmtpConnection(IDuplexPipe Pipe, SmtpSessionInfo Info, IReadPacing? Pacing = null)
{
    /// <summary>TLS comes before the greeting (RFC 8314 §3.3); needs <see cref="SmtpServerOptions.Tls"/>. Default: false.</summary>
    public bool IsTlsFirst { get; init; }

    /// <summary>Where users bring mails in: MAIL is for those that have authenticated, if there is AUTH (RFC 6409 §4.3). Default: false.</summary>
    public bool IsSubmission { get; init; }
}
