using System.Collections.Immutable;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery;

namespace Vsmtp.Grains.Mail;

public sealed partial class MailGrain
{
    public async Task Attempted(DeliveryReport report)
    {
        if (State.Phase is not (MailPhase.Deliver or MailPhase.Deferred) || report.Attempt != State.Attempts + 1) return;
        var state = State with
        {
            Attempts = report.Attempt,
            Envelope = State.Envelope with { Recipients = [.. State.Envelope.Recipients.Select(recipient => After(recipient, report))] },
            NewEvents = State.NewEvents.AddRange(report.Recipients.Select(EventOf)),
        };
        var now = time.GetUtcNow();
        var next = NextAttempt(state, report, now);
        if (next is null) state = state with { Envelope = state.Envelope with { Recipients = [.. state.Envelope.Recipients.Select(GivenUp)] } };
        if (NotificationOf(state, report, next, now) is not { } notification)
        {
            await Commit(Settled(state, next, now));
            return;
        }

        await Commit(state.MoveTo(State.Phase, now, now + options.WorkLease, isBusy: true) with { Notification = notification });
        await Notify();
    }

    /// <summary>When those that wait are tried again; null: nobody waits, or they are given up.</summary>
    private DateTimeOffset? NextAttempt(MailState state, DeliveryReport report, DateTimeOffset now)
    {
        if (state.Waiting().IsEmpty) return null;
        // Whoever was not tried, since the process ended, is not given up untried.
        var wasCutShort = state.Waiting().Any(recipient => report.Recipients.All(tried => tried.Address != recipient.Address));
        var pause = retries.NextPause(state.Attempts, now - state.AcceptedAt, Random.Shared.NextDouble());
        return now + (pause ?? (wasCutShort ? retries.First : null));
    }

    /// <summary>An attempt is at its end, and whoever was to be notified of it has been.</summary>
    private MailState Settled(MailState state, DateTimeOffset? next, DateTimeOffset now) => next is { } again
        ? Tell(state, "deferred", $"again at {again:yyyy-MM-dd HH:mm:ss}").MoveTo(MailPhase.Deferred, now, again, isBusy: false) with
        {
            Reason = state.Waiting()[0].LastResult,
        }
        : Ended(state, now);

    /// <summary>
    /// The mail is to be delivered by the workers of this process: committed as this process's before it is offered to them, so that no
    /// other takes it up.
    /// </summary>
    private async Task Deliver(MailState state)
    {
        if (deliveries.IsInFlight(Id)) return;                // the sweep comes again
        var now = time.GetUtcNow();
        if (!deliveries.HasRoom(JobOf(state)))
        {
            await Commit(state.MoveTo(state.Phase, now, now + CrowdedPause(now - state.Since), isBusy: false));
            return;
        }

        await Commit(state.MoveTo(state.Phase, now, now + options.WorkLease, isBusy: true));
        deliveries.Offer(JobOf(State));
    }

    /// <summary>The longer it has waited the less often it asks: thousands that wait must not keep the sweep from others.</summary>
    private TimeSpan CrowdedPause(TimeSpan waited) =>
        TimeSpan.FromSeconds(Math.Clamp(waited.TotalSeconds / 4, 2, options.MaxCrowdedPause.TotalSeconds) * (1 + (Random.Shared.NextDouble() / 4)));

    private DeliveryJob JobOf(MailState state) => new()
    {
        MailId = Id,
        Attempt = state.Attempts + 1,
        Envelope = state.Envelope with { Recipients = state.Waiting() },
        Content = state.Content!,
        HeaderChanges = state.HeaderChanges,
    };

    private MailState Ended(MailState state, DateTimeOffset now)
    {
        var recipients = state.Envelope.Recipients;
        if (recipients.Any(recipient => recipient.Status is RecipientStatus.Failed)) return Dead(state, Why(RecipientStatus.Failed));
        return recipients.Any(recipient => recipient.Status is RecipientStatus.Bounced)
            ? Tell(state, "ended", "nobody waits, and its sender has been notified").MoveTo(MailPhase.Bounced, now, wakeAt: null, isBusy: false) with
            {
                Reason = Why(RecipientStatus.Bounced),
            }
            : Tell(state, "ended", "every recipient has been served").MoveTo(MailPhase.Delivered, now, wakeAt: null, isBusy: false) with { Reason = null };

        string Why(RecipientStatus status) => string.Join(
            "; ", recipients.Where(recipient => recipient.Status == status).Select(recipient => $"<{recipient.Address}>: {recipient.LastResult}"));
    }

    private MailRecipient After(MailRecipient recipient, DeliveryReport report) =>
        recipient.Status is RecipientStatus.Waiting && report.Recipients.FirstOrDefault(tried => tried.Address == recipient.Address) is { } tried
            ? recipient with
            {
                Status = tried.Result switch
                {
                    DeliveryResult.Delivered => RecipientStatus.Delivered,
                    DeliveryResult.Failed => RecipientStatus.Failed,
                    _ => RecipientStatus.Waiting,
                },
                LastResult = tried.Detail,
                Failure = tried.Failure is { } failure ? failure with { At = time.GetUtcNow() } : null,
            }
            : recipient;

    private static MailRecipient GivenUp(MailRecipient recipient) => recipient.Status is RecipientStatus.Waiting
        ? recipient with { Status = RecipientStatus.Failed, LastResult = $"given up after the last retry: {recipient.LastResult}" }
        : recipient;

    private MailEvent EventOf(RecipientReport tried) => new(
        time.GetUtcNow(), options.Node, tried.Result.ToString().ToLowerInvariant(), $"<{tried.Address}> {tried.Detail}");
}
