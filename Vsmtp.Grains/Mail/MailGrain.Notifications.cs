using System.Collections.Immutable;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Grains.Mail;

public sealed partial class MailGrain
{
    /// <summary>What is to be told of this attempt; null: nothing, or there is nobody to tell.</summary>
    /// <param name="state">After the attempt.</param>
    /// <param name="next">When those that wait are tried again; null when nobody waits.</param>
    private PendingNotification? NotificationOf(MailState state, DeliveryReport report, DateTimeOffset? next, DateTimeOffset now)
    {
        if (state.Envelope.Recipients.All(static recipient => recipient is { Status: RecipientStatus.Delivered, Notify: null })) return null;
        var told = state.Envelope.Recipients.Where(recipient => IsToBeTold(state, recipient, report, now)).Select(recipient => recipient.Address);
        return told.ToImmutableArray() is { IsEmpty: false } recipients && ToBeNotified(state) is { } to
            ? new PendingNotification
            {
                Id = MailId.Create(time),
                To = to,
                Recipients = recipients,
                NextAttemptAt = next,
                GiveUpAt = state.AcceptedAt + retries.GiveUp,
            }
            : null;
    }

    private bool IsToBeTold(MailState state, MailRecipient recipient, DeliveryReport report, DateTimeOffset now) => recipient.Status switch
    {
        RecipientStatus.Failed => recipient.Notify is null || Wants(recipient, "FAILURE"),
        RecipientStatus.Delivered => Wants(recipient, "SUCCESS")
            && report.Recipients.FirstOrDefault(tried => tried.Address == recipient.Address) is { Result: DeliveryResult.Delivered, IsNotifiedByOthers: false },
        RecipientStatus.Waiting => !recipient.IsSenderWarned && now - state.AcceptedAt >= options.WarnAfter
            && (recipient.Notify is null ? options.WarnsUnasked : Wants(recipient, "DELAY")),
        _ => false,
    };

    private static bool Wants(MailRecipient recipient, string what) =>
        recipient.Notify is { } notify && notify.Split(',').Contains(what, StringComparer.OrdinalIgnoreCase);

    /// <summary>Nobody is notified of a notification but the postmaster, and he of none that went to himself (RFC 5321 §4.5.5, §6.1).</summary>
    private string? ToBeNotified(MailState state) => state.Envelope.Sender is { Length: > 0 } sender ? sender
        : state.IsNotification && options.Postmaster is { } postmaster
            && !state.Envelope.Recipients.Any(recipient => recipient.Address.Equals(postmaster, StringComparison.OrdinalIgnoreCase)) ? postmaster
        : null;

    /// <summary>Offers the notification to its own grain; once it is accepted, the mail goes on. Repeated, it is accepted once.</summary>
    private async Task Notify()
    {
        var pending = State.Notification!;
        var staged = await StageAsync(await Notifications.WriteAsync(contents, State, pending, options.ServerName, time.GetUtcNow()));
        var answer = await GrainFactory.GetGrain<IMailGrain>(pending.Id).Accept(MailOf(pending, staged));
        var now = time.GetUtcNow();
        if (answer is AcceptAnswer.Crowded)
        {
            await contents.DiscardAsync(staged, CancellationToken.None);
            await Commit(State.MoveTo(State.Phase, now, now + options.NotificationPause, isBusy: false));
            return;
        }

        var state = State with
        {
            Notification = null,
            Envelope = State.Envelope with
            {
                Recipients = [.. State.Envelope.Recipients.Select(recipient => pending.Recipients.Contains(recipient.Address) ? Told(recipient) : recipient)],
            },
        };
        state = Tell(state, "notified", $"<{pending.To}> of {string.Join(", ", pending.Recipients.Select(address => $"<{address}>"))}, by {pending.Id}");
        await Commit(Settled(state, pending.NextAttemptAt, now));
    }

    private static MailRecipient Told(MailRecipient recipient) => recipient.Status switch
    {
        RecipientStatus.Failed => recipient with { Status = RecipientStatus.Bounced },
        RecipientStatus.Waiting => recipient with { IsSenderWarned = true },
        _ => recipient,
    };

    private async Task<StagedContent> StageAsync(byte[] message)
    {
        await using var stage = contents.Stage();
        await stage.WriteAsync(message, CancellationToken.None);
        return await stage.CompleteAsync(CancellationToken.None);
    }

    /// <summary>A mail like any other, but that it comes from this program: the site's rules decide where it goes.</summary>
    private AcceptMail MailOf(PendingNotification pending, StagedContent staged)
    {
        var now = time.GetUtcNow();
        return new AcceptMail
        {
            Envelope = new MailEnvelope
            {
                Recipients = [new MailRecipient { Address = pending.To, Transport = TransportKind.Deliver }],
                Helo = options.ServerName,
                ClientAddress = "127.0.0.1:0",
                ServerAddress = "127.0.0.1:0",
                ServerName = options.ServerName,
                ConnectedAt = now,
                MailAt = now,
                IsUtf8 = State.Envelope.IsUtf8,
            },
            Content = staged,
            RuleSet = ruleSets.Current.Hash,
            Subject = $"notification of {Id}",
            IsNotification = true,
            Events = [new MailEvent(now, options.Node, "notification", $"of {Id}, to <{pending.To}>")],
        };
    }
}
