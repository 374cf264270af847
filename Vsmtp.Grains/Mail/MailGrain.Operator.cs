using Vsmtp.Contracts.Mail;

namespace Vsmtp.Grains.Mail;

public sealed partial class MailGrain
{
    public async Task<OperatorAnswer> Release()
    {
        if (State.Phase is not MailPhase.Quarantine) return new OperatorAnswer(false, $"{Id} is not in quarantine but {Place}.");
        var now = time.GetUtcNow();
        var name = State.Quarantine;
        // What the rules of delivery put there does not go through them again, or it would come straight back.
        var state = Tell(State, "released", $"from {name} by an operator").EndVisits(options.MaxSpentTickets) with
        {
            SkipsRules = State.SkipsRules || State.Stage == "delivery",
            Stage = "delivery",
            Quarantine = null,
            Reason = null,
            Source = null,
        };
        await Commit(state.MoveTo(MailPhase.Working, now, now + options.WorkLease, isBusy: true));
        GoOn();
        return new OperatorAnswer(true, $"{Id} is released from {name}.");
    }

    public async Task<OperatorAnswer> Remove()
    {
        if (State.Phase is not (MailPhase.Quarantine or MailPhase.Dead or MailPhase.Deferred) || State.IsBusy)
            return new OperatorAnswer(false, $"{Id} cannot be removed: it is {Place}{(State.IsBusy ? ", and a process is at work on it" : "")}.");
        var place = MailQueue.NameOf(State);
        var now = time.GetUtcNow();
        await Commit(Tell(State, "removed", $"from {place} by an operator").MoveTo(MailPhase.Removed, now, wakeAt: null, isBusy: false));
        return new OperatorAnswer(true, $"{Id} is removed from {place}.");
    }

    private string Place => State.Phase is MailPhase.None ? "unknown" : $"in {MailQueue.NameOf(State)}";
}
