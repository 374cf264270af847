using System.Collections.Immutable;
using System.Text;
using Vsmtp.Mail.Text;
using Vsmtp.Mail.Trace;

namespace Vsmtp.Mail.Notifications;

/// <summary>
/// A delivery status notification (RFC 3464): tells a sender in words and in fields what became of recipients, with the headers of the message.
/// </summary>
/// <remarks>
/// Goes with the null reverse path (RFC 5321 §4.5.5). Words and headers with octets beyond ASCII go in quoted-printable.
/// Bare they stand in three places only: an address in the fields of RFC 6533, the To of a sender who has such an address (RFC 6532), a whole
/// message that is returned as it is.
/// </remarks>
public sealed record DeliveryNotification
{
    /// <summary>The name of the server that reports.</summary>
    public required string ReportingServer { get; init; }

    /// <summary>To whom: the reverse path of the message, without brackets.</summary>
    public required string To { get; init; }

    /// <summary>Names this notification; becomes its Message-ID and the boundary of its parts. Letters, digits, <c>-</c>.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset Date { get; init; }

    /// <summary>When the message came.</summary>
    public required DateTimeOffset ArrivedAt { get; init; }

    /// <summary>ENVID as the client gave it, in xtext (RFC 3461 §4.4); null when not given.</summary>
    public string? EnvelopeId { get; init; }

    public required ImmutableArray<NotifiedRecipient> Recipients { get; init; }

    /// <summary>The message that it is about: its header section, or all of it.</summary>
    public required ReadOnlyMemory<byte> Message { get; init; }

    /// <summary>Whether <see cref="Message"/> is all of it and not the header section alone.</summary>
    public bool IsWhole { get; init; }

    private bool IsInternational => Recipients.Any(recipient => !Ascii.IsValid(recipient.Address))
        || Recipients.Any(recipient => recipient.OriginalRecipient is { } given && !Ascii.IsValid(given));

    /// <summary>Subtype of the part with the fields, and so the report's type (RFC 6522 §3).</summary>
    private string StatusType => IsInternational ? "global-delivery-status" : "delivery-status";

    private string Boundary => $"=_{Id}";

    /// <summary>The whole message, lines ended by CRLF.</summary>
    public byte[] ToBytes()
    {
        var lines = new MessageLines();
        WriteHeader(lines);
        WritePart(lines, "text/plain; charset=utf-8", NotificationText.Of(this));
        lines.Add($"--{Boundary}").Add($"Content-Type: message/{StatusType}");
        if (IsInternational) lines.Add("Content-Transfer-Encoding: 8bit");
        lines.Add("");
        WriteFields(lines);
        WriteMessage(lines);
        lines.Add($"--{Boundary}--");
        return lines.ToBytes();
    }

    private void WriteHeader(MessageLines lines)
    {
        var is8Bit = IsInternational || (IsWhole && !Ascii.IsValid(Message.Span));
        lines.Add($"From: Mail Delivery System <MAILER-DAEMON@{ReportingServer}>")
            .Add($"To: <{HeaderWord.Clean(To)}>")
            .Add($"Subject: {NotificationText.SubjectOf(this)}")
            .Add($"Date: {MailDate.Format(Date)}")
            .Add($"Message-ID: <{Id}@{ReportingServer}>")
            .Add("Auto-Submitted: auto-replied")                // RFC 3834 §3.1
            .Add("MIME-Version: 1.0")
            .Add($"Content-Type: multipart/report; report-type={StatusType};").Add($"\tboundary=\"{Boundary}\"");
        if (is8Bit) lines.Add("Content-Transfer-Encoding: 8bit");
        lines.Add("");
    }

    private void WriteFields(MessageLines lines)
    {
        if (EnvelopeId is { } given) lines.Add($"Original-Envelope-Id: {(XText.TryDecode(given, out var id) ? HeaderWord.Clean(id) : HeaderWord.Clean(given))}");
        lines.Add($"Reporting-MTA: dns; {ReportingServer}").Add($"Arrival-Date: {MailDate.Format(ArrivedAt)}").Add("");
        foreach (var recipient in Recipients)
        {
            foreach (var field in StatusFields.Of(recipient)) lines.Add(field);
            lines.Add("");
        }
    }

    private void WriteMessage(MessageLines lines)
    {
        if (!IsWhole)
        {
            WritePart(lines, "text/rfc822-headers", Message.Span);
            return;
        }

        // What is inside a message/rfc822 part is never encoded (RFC 2046 §5.2.1).
        lines.Add($"--{Boundary}").Add("Content-Type: message/rfc822");
        if (!Ascii.IsValid(Message.Span)) lines.Add("Content-Transfer-Encoding: 8bit");
        lines.Add("").AddBytes(Message.Span);
    }

    private void WritePart(MessageLines lines, string type, string text) => WritePart(lines, type, Encoding.UTF8.GetBytes(text));

    private void WritePart(MessageLines lines, string type, ReadOnlySpan<byte> content)
    {
        lines.Add($"--{Boundary}").Add($"Content-Type: {type}");
        if (QuotedPrintable.IsNeeded(content)) lines.Add("Content-Transfer-Encoding: quoted-printable").Add("").AddBytes(QuotedPrintable.Encode(content));
        else lines.Add("").AddBytes(content);
    }
}
