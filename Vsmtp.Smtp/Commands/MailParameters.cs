namespace Vsmtp.Smtp.Commands;

/// <summary>What follows the path of MAIL; null is what was not said.</summary>
public sealed record MailParameters
{
    public static MailParameters None { get; } = new();

    /// <summary>SIZE, in octets (RFC 1870 §6). What the client expects, not what it sends.</summary>
    public long? DeclaredBytes { get; init; }

    public BodyKind? Body { get; init; }

    /// <summary>SMTPUTF8: addresses and headers may be UTF-8 (RFC 6531 §3.4).</summary>
    public bool IsSmtpUtf8 { get; init; }

    public DsnReturn? Return { get; init; }

    /// <summary>ENVID, still in xtext (RFC 3461 §4.4).</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>AUTH: who submitted the message, in xtext, or <c>&lt;&gt;</c> (RFC 4954 §5). Recorded, never trusted.</summary>
    public string? Auth { get; init; }
}
