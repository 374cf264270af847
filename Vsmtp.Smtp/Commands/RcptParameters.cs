using System.Text;

namespace Vsmtp.Smtp.Commands;

/// <summary>What follows the path of RCPT; null is what was not said.</summary>
public sealed record RcptParameters
{
    public static RcptParameters None { get; } = new();

    public DsnNotify? Notify { get; init; }

    /// <summary>ORCPT as it was written: <c>addr-type;xtext</c> (RFC 3461 §4.2).</summary>
    public string? OriginalRecipient { get; init; }

    /// <summary>ORCPT has octets beyond ASCII, which are for SMTPUTF8 alone (RFC 6533 §3).</summary>
    public bool RequiresSmtpUtf8 => OriginalRecipient is { } given && !Ascii.IsValid(given);
}
