using System.Collections.Immutable;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Mail.Headers;
using Vsmtp.Mail.Notifications;

namespace Vsmtp.Grains.Mail;

/// <summary>Writes what a mail's sender is told (RFC 3464).</summary>
internal static class Notifications
{
    /// <summary>Octets of a message that a notification returns; of a longer one the headers, as far as they fit.</summary>
    private const int MaxReturnedBytes = 64 * 1024;

    /// <param name="state">The mail's, with the outcomes that are told of.</param>
    /// <returns>A whole message.</returns>
    public static async Task<byte[]> WriteAsync(
        IContentStore contents, MailState state, PendingNotification pending, string server, DateTimeOffset now)
    {
        var told = state.Envelope.Recipients.Where(recipient => pending.Recipients.Contains(recipient.Address)).Select(
            recipient => Told(recipient, pending)).ToImmutableArray();
        // What RET asks for is of failures alone (RFC 3461 §4.3).
        var isWhole = "FULL".Equals(state.Envelope.Return, StringComparison.OrdinalIgnoreCase)
            && told.Any(recipient => recipient.Action is DeliveryAction.Failed) && state.Content!.Length <= MaxReturnedBytes;
        return new DeliveryNotification
        {
            ReportingServer = server,
            To = pending.To,
            Id = pending.Id,
            Date = now,
            ArrivedAt = state.AcceptedAt,
            EnvelopeId = state.Envelope.EnvelopeId,
            Recipients = told,
            Message = await ReadAsync(contents, state, isWhole),
            IsWhole = isWhole,
        }.ToBytes();
    }

    private static NotifiedRecipient Told(MailRecipient recipient, PendingNotification pending)
    {
        var action = ActionOf(recipient);
        return new NotifiedRecipient
        {
            Address = recipient.Address,
            Action = action,
            Status = StatusOf(recipient),
            Explanation = recipient.LastResult ?? "",
            OriginalRecipient = recipient.OriginalRecipient,
            RemoteServer = recipient.Failure?.Server,
            Reply = recipient.Failure?.Reply,
            LastAttemptAt = recipient.Failure?.At,
            WillRetryUntil = action is DeliveryAction.Delayed ? pending.GiveUpAt : null,
        };
    }

    private static DeliveryAction ActionOf(MailRecipient recipient) => recipient switch
    {
        { Status: RecipientStatus.Waiting } => DeliveryAction.Delayed,
        { Status: RecipientStatus.Delivered, Transport: TransportKind.Maildir or TransportKind.Mbox } => DeliveryAction.Delivered,
        { Status: RecipientStatus.Delivered } => DeliveryAction.Relayed,
        _ => DeliveryAction.Failed,
    };

    /// <summary>
    /// Without a reason of its own: delivery time expired (RFC 3463 §3.5). A host that wanted none of us may have refused for good, but as long as
    /// others are tried it is a delay: class 4 (§2).
    /// </summary>
    private static string StatusOf(MailRecipient recipient) => recipient switch
    {
        { Status: RecipientStatus.Delivered } => "2.0.0",
        { Failure: null } => "4.4.7",
        { Status: RecipientStatus.Waiting, Failure.Status: ['5', .. var detail] } => $"4{detail}",
        _ => recipient.Failure.Status,
    };

    /// <summary>The header section as the mail would have left; all of the message, if it is to be.</summary>
    private static async Task<ReadOnlyMemory<byte>> ReadAsync(IContentStore contents, MailState state, bool isWhole)
    {
        try
        {
            var headers = await MessageHead.ReadAsync(contents, state.Content!, state.HeaderChanges, CancellationToken.None);
            if (!isWhole) return Shortened(headers);
            using var whole = new MemoryStream();
            whole.Write(headers.ToArray());
            await using var body = await contents.OpenBodyAsync(state.Content!, headers.ParsedBytes, CancellationToken.None);
            await body.CopyToAsync(whole);
            return whole.ToArray();
        }
        catch (Exception fault) when (fault is ContentMissingException or InvalidDataException)
        {
            // The sender is told all the same.
            return ReadOnlyMemory<byte>.Empty;
        }
    }

    private static ReadOnlyMemory<byte> Shortened(HeaderBlock headers)
    {
        if (headers.Length <= MaxReturnedBytes) return headers.ToArray();
        using var front = new MemoryStream();
        foreach (var field in headers.Fields.TakeWhile(field => front.Length + field.Raw.Length <= MaxReturnedBytes)) front.Write(field.Raw.Span);
        return front.ToArray();
    }
}
