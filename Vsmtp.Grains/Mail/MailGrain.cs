using Microsoft.Extensions.Logging;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery;
using Vsmtp.Delivery.Delegation;
using Vsmtp.Delivery.Retries;
using Vsmtp.Rules;

namespace Vsmtp.Grains.Mail;

/// <summary>
/// One mail: decides what happens to it next. Holds no socket and no bytes: workers talk to the world and tell it the outcome
/// (design rule 4), the store has the content.
/// </summary>
/// <remarks>
/// Every change is one commit of <see cref="MailState"/>, made before the act that it speaks of (design rule 3). What a crash
/// takes away in between, the sweep brings back through <see cref="IMailGrain.Advance"/>.
/// </remarks>
public sealed partial class MailGrain(
    [PersistentState(MailStateStorage.StateName, MailStateStorage.ProviderName)] IPersistentState<MailState> mail,
    IContentStore contents,
    RuleSetCatalog ruleSets,
    RuleEngine engine,
    IRuleLog ruleLog,
    DelegationSender delegations,
    DeliveryWorker deliveries,
    RetrySchedule retries,
    MailLoad load,
    MailGrainOptions options,
    TimeProvider time,
    ILogger<MailGrain> logger) : Grain, IMailGrain
{
    private const string UnreadableQuarantine = "unreadable";

    private string Id => this.GetPrimaryKeyString();

    private MailState State => mail.State;

    public async Task<AcceptAnswer> Accept(AcceptMail accepted)
    {
        // One that is offered is accepted by its own call alone.
        if (State.Phase is MailPhase.Withdrawn or MailPhase.Offered) return AcceptAnswer.Withdrawn;
        if (State.Phase is not MailPhase.None) return AcceptAnswer.Accepted;   // a repeat of a call that already won
        if (load.IsTooMuch)
        {
            DeactivateOnIdle();
            return AcceptAnswer.Crowded;
        }

        if (load.InFlowDelay is { Ticks: > 0 } delay) await Task.Delay(delay, time);
        var now = time.GetUtcNow();
        var state = Tell(StateOf(accepted, now), "accepted", $"{accepted.Content.Id.Length} octets, sha256 {accepted.Content.Id.Sha256}");
        if (accepted.Quarantine is { } name)
        {
            await Commit(Quarantined(state, name, "a rule before the queue said so", directive: null, accepted.Source));
            return AcceptAnswer.Accepted;
        }

        if (HasNoRules(state))
        {
            await GoToDelivery(state with { Stage = Stage.Delivery.ToText() });
            return AcceptAnswer.Accepted;
        }

        await Commit(state.MoveTo(MailPhase.Working, now, now + options.WorkLease, isBusy: true));
        GoOn();
        return AcceptAnswer.Accepted;
    }

    public async Task Advance(string version)
    {
        if (State.Phase is MailPhase.None) await Forget();
        if (version != mail.Etag) return;
        try
        {
            await (State.Phase switch
            {
                MailPhase.Offered => AdvanceOffer(),
                MailPhase.Working => RunRules(),
                MailPhase.Delegated when State.Visits.IsEmpty => RunRules(),   // asleep since a program that kept its visit elsewhere
                MailPhase.Delegated => AdvanceVisits(WhenFoundDue),
                MailPhase.Deliver or MailPhase.Deferred when State.Notification is not null => Notify(),
                MailPhase.Deliver or MailPhase.Deferred => Deliver(State),
                _ => Task.CompletedTask,
            });
        }
        catch (Exception fault) when (fault is ContentMissingException or InvalidDataException)
        {
            LogUnreadable(Id, fault.Message);
            await Commit(Quarantined(State, UnreadableQuarantine, fault.Message, directive: null, source: null));
        }
    }

    /// <summary>Now, and no earlier than the wake-up: the store has found it passed, whose clock may be another than this process's (design rule 8).</summary>
    /// <remarks>A mail that a process was busy with is woken because that has ended: nothing is known to have passed, no deadline of another visit either.</remarks>
    private DateTimeOffset WhenFoundDue =>
        !State.IsBusy && State.WakeAt is { } wakeAt && wakeAt > time.GetUtcNow() ? wakeAt : time.GetUtcNow();

    private static MailState StateOf(AcceptMail mail, DateTimeOffset now) => new()
    {
        Envelope = mail.Envelope,
        Original = mail.Content.Id,
        Content = mail.Content.Id,
        HeaderChanges = mail.HeaderChanges,
        RuleSet = mail.RuleSet,
        Subject = mail.Subject,
        SkipsRules = mail.SkipsRules,
        IsNotification = mail.IsNotification,
        AcceptedAt = now,
        NewEvents = mail.Events,
        NewContents = mail.Content.Inline.IsDefault ? [] : [mail.Content],
    };

    /// <summary>Nobody is known by this id: the activation goes, so that made-up ids cost no memory.</summary>
    private Task Forget()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    /// <summary>Takes the next step in a turn of its own; lost in a crash, the sweep repeats it.</summary>
    private void GoOn() => GrainFactory.GetGrain<IMailGrain>(Id).Advance(mail.Etag!);

    private async Task Commit(MailState next)
    {
        HoldVerdict();
        mail.State = next;
        try
        {
            await mail.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();                                // memory is ahead of the store: reload before the next call
            EndPolls();
            throw;
        }

        if (mail.State is { NewEvents.IsEmpty: false } or { NewContents.IsEmpty: false }) mail.State = mail.State with { NewEvents = [], NewContents = [] };
        TellVerdict();
        // It has ended, or waits for an operator: a flood of such mails must not fill the memory until they are collected.
        if (mail.State.WakeAt is null) DeactivateOnIdle();
    }

    private MailState Tell(MailState state, string what, string why, string? directive = null, string? source = null) =>
        state.Tell(time.GetUtcNow(), options.Node, what, why, directive, source);

    private MailState Quarantined(MailState state, string name, string reason, string? directive, string? source) =>
        state.Offer is not null ? Unjudged(state, reason, directive, source) : Tell(state, "quarantined", $"in {name}: {reason}", directive, source)
            .MoveTo(MailPhase.Quarantine, time.GetUtcNow(), wakeAt: null, isBusy: false) with
        {
            Quarantine = name,
            Reason = reason,
            Source = source,
        };

    private MailState Dead(MailState state, string reason, string? directive = null, string? source = null) =>
        state.Offer is not null ? Unjudged(state, reason, directive, source) : Tell(state, "dead", reason, directive, source)
            .MoveTo(MailPhase.Dead, time.GetUtcNow(), wakeAt: null, isBusy: false) with
        {
            Reason = reason,
            Source = source,
        };
}
