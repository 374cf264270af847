using System.Collections.Immutable;
using Vsmtp.Smtp.Replies;

namespace Vsmtp.Smtp.Client;

/// <summary>What became of a transaction that ran to its end.</summary>
/// <param name="Recipients">One for each recipient of the transaction, in its order.</param>
/// <param name="Server">Who answered: the destination and the address behind it.</param>
public sealed record SmtpSendResult(ImmutableArray<SmtpRecipientResult> Recipients, string Server)
{
    /// <summary>The name of the server, or its address where it was not asked for by name.</summary>
    public required string Host { get; init; }

    /// <summary>It was told what the sender wants to be notified of (RFC 3461).</summary>
    public bool HasDsn { get; init; }

    /// <summary>
    /// Why <see cref="Vsmtp.Mail.Transfer.TlsLevel.Verify"/> would have had no session here, in words; null: the server has proven its name.
    /// </summary>
    public string? TlsFault { get; init; }

    /// <summary>What the server said if it did not want to hear where the mail came from; the mail went on all the same.</summary>
    public SmtpReply? XForwardRefusal { get; init; }
}

/// <summary>What became of one recipient.</summary>
/// <param name="Phase">Which command's reply decided; <see cref="SmtpClientPhase.EndOfData"/> if the message was sent for it.</param>
/// <param name="Reply">The deciding reply, whole.</param>
public sealed record SmtpRecipientResult(SmtpClientPhase Phase, SmtpReply Reply)
{
    /// <summary>The server has taken the mail for this recipient: it is no longer ours.</summary>
    public bool IsTaken => Phase == SmtpClientPhase.EndOfData && Reply.IsPositive;
}
