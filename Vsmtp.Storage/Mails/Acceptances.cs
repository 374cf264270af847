using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Storage.Mails;

/// <summary>Settles on the mail's own row: whichever of the two first commits is first, the acceptance or the mark, the other meets it.</summary>
internal sealed class Acceptances(IGrainStorage states, TimeProvider time) : IAcceptances
{
    private const string Why = "its grain gave no answer; the client was told to come again";

    public async Task<AcceptAnswer> SettleAsync(string mailId)
    {
        var grain = GrainId.Create("mail", mailId);
        var now = time.GetUtcNow();
        var mark = new MailState
        {
            Phase = MailPhase.Withdrawn,
            Reason = Why,
            AcceptedAt = now,
            Since = now,
            NewEvents = [new MailEvent(now, Environment.MachineName, "withdrawn", Why)],
        };
        try
        {
            await states.WriteStateAsync(MailStateStorage.StateName, grain, new GrainState<MailState>(mark)).ConfigureAwait(false);
            return AcceptAnswer.Withdrawn;
        }
        catch (InconsistentStateException)
        {
            var found = new GrainState<MailState>(new MailState());
            await states.ReadStateAsync(MailStateStorage.StateName, grain, found).ConfigureAwait(false);
            return found.State!.Phase is MailPhase.Withdrawn ? AcceptAnswer.Withdrawn : AcceptAnswer.Accepted;
        }
    }
}
