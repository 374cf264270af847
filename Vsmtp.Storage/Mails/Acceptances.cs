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
        var withdrawn = new MailEvent(now, Environment.MachineName, "withdrawn", Why);
        var mark = new MailState { AcceptedAt = now }.Withdraw(withdrawn);
        if (await TryWriteAsync(grain, new GrainState<MailState>(mark)).ConfigureAwait(false)) return AcceptAnswer.Withdrawn;
        while (true)
        {
            var found = new GrainState<MailState>(new MailState());
            await states.ReadStateAsync(MailStateStorage.StateName, grain, found).ConfigureAwait(false);
            if (found.State!.Phase is not MailPhase.Offered)
                return found.State.Phase is MailPhase.Withdrawn ? AcceptAnswer.Withdrawn : AcceptAnswer.Accepted;
            // Its grain may be writing too; of two writes over one version only one is made.
            found.State = found.State.Withdraw(withdrawn);
            if (await TryWriteAsync(grain, found).ConfigureAwait(false)) return AcceptAnswer.Withdrawn;
        }
    }

    /// <returns>False: somebody else has written since.</returns>
    private async Task<bool> TryWriteAsync(GrainId grain, GrainState<MailState> state)
    {
        try
        {
            await states.WriteStateAsync(MailStateStorage.StateName, grain, state).ConfigureAwait(false);
            return true;
        }
        catch (InconsistentStateException)
        {
            return false;
        }
    }
}
