using System.Collections.Immutable;

namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server.smtp]</c>.</summary>
public sealed record SmtpOptions
{
    /// <summary>
    /// Largest message taken, in bytes as they arrive (dot-stuffing removed); announced as SIZE (RFC 1870 §3).
    /// Default: 26,214,400 (25 MiB).
    /// </summary>
    public long MessageSizeLimit { get; init; } = 26_214_400;

    /// <summary>Recipients of one mail, at least 1; one more is answered 452. Default: 1000 (RFC 5321 §4.5.3.1.8 asks for 100).</summary>
    public int RcptCountMax { get; init; } = 1000;

    /// <summary>EHLO is answered 502, so that clients fall back to HELO. Default: false.</summary>
    public bool DisableEhlo { get; init; }

    /// <summary>
    /// Read for files of the earlier program, which did not use it either.
    /// Default: STARTTLS, SMTPUTF8, 8BITMIME, AUTH.
    /// </summary>
    public ImmutableArray<string> RequiredExtension { get; init; } = ["STARTTLS", "SMTPUTF8", "8BITMIME", "AUTH"];

    public ErrorOptions Error { get; init; } = new();

    public ClientTimeouts TimeoutClient { get; init; } = new();

    /// <summary>The table <c>[server.smtp.codes]</c>: what each reply says.</summary>
    public ReplyCodes Codes { get; init; } = ReplyCodes.Default;

    public RateOptions Rates { get; init; } = new();

    /// <summary>Null: no AUTH.</summary>
    public AuthOptions? Auth { get; init; }
}
