using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Vsmtp.Contracts.Mail;
using Vsmtp.Storage.Mails;

namespace Vsmtp.Storage.Tests.Contract;

/// <summary>Whether a mail is accepted is settled once, whoever asks.</summary>
public abstract class AcceptanceContract(StoreUnderTest store) : StoreContract(store)
{
    private Acceptances Acceptances => new(Store.GrainStates, TimeProvider.System);

    [Fact]
    public async Task What_is_not_there_is_withdrawn_and_an_acceptance_that_comes_later_fails()
    {
        var id = NewId();
        Assert.Equal(AcceptAnswer.Withdrawn, await Acceptances.SettleAsync(id));
        Assert.Equal(AcceptAnswer.Withdrawn, await Acceptances.SettleAsync(id));
        await Assert.ThrowsAsync<InconsistentStateException>(async () => await AcceptAsync(id, await NewMailAsync()));

        var listed = Assert.Single(await Store.Queries.ListAsync("withdrawn", 10, Cancel));
        Assert.Equal(id, listed.Id);
        Assert.Empty(await Store.Queries.ListAsync(null, 10, Cancel));
        Assert.Equal("withdrawn", Assert.Single((await Store.Queries.FindAsync(id, Cancel))!.Events).What);
    }

    [Fact]
    public async Task What_was_withdrawn_is_counted_nowhere()
    {
        await Acceptances.SettleAsync(NewId());
        Assert.All(await Store.Queries.CountAsync(Cancel), counter => Assert.Equal(0, counter.Value));
    }

    [Fact]
    public async Task What_is_there_is_accepted()
    {
        var id = NewId();
        await AcceptAsync(id, await NewMailAsync());
        Assert.Equal(AcceptAnswer.Accepted, await Acceptances.SettleAsync(id));
        Assert.Equal("working", (await Store.Queries.FindAsync(id, Cancel))!.Summary.Queue);
    }

    [Fact]
    public async Task What_is_offered_is_withdrawn_with_its_bytes_and_its_tickets_are_spent()
    {
        var id = NewId();
        var offered = Offered(await NewMailAsync());
        var state = await AcceptAsync(id, offered);
        Assert.Equal(AcceptAnswer.Withdrawn, await Acceptances.SettleAsync(id));
        Assert.Equal(AcceptAnswer.Withdrawn, await Acceptances.SettleAsync(id));

        await Assert.ThrowsAsync<InconsistentStateException>(() => ChangeAsync(id, state, mail => mail with { Phase = MailPhase.Working }));
        var found = (await ReadMailAsync(id)).State!;
        Assert.Equal((MailPhase.Withdrawn, null), (found.Phase, found.WakeAt));
        Assert.Empty(found.Visits);
        Assert.Equal(["hash-1", "hash-2"], found.SpentTicketHashes);
        Assert.Equal(["accepted", "withdrawn"], await HistoryAsync(id));
        await Assert.ThrowsAsync<Vsmtp.Contracts.Content.ContentMissingException>(() => ReadAsync(offered.Content!));
    }

    [Fact]
    public async Task What_is_announced_as_new_is_read_once_without_the_store_which_still_has_the_last_word()
    {
        var id = NewId();
        var news = new NewMails(Store.GrainStates);
        var first = await AcceptAsync(id, await NewMailAsync());

        news.Announce(id);
        var behind = await ReadAsNewAsync();
        Assert.Equal((MailPhase.None, null, false), (behind.State!.Phase, behind.ETag, behind.RecordExists));
        behind.State = first.State;
        await Assert.ThrowsAsync<InconsistentStateException>(
            () => news.WriteStateAsync(MailStateStorage.StateName, GrainId.Create("mail", id), behind));
        Assert.Equal(first.ETag, (await ReadAsNewAsync()).ETag);

        news.Announce(id);
        news.Forget(id);
        Assert.Equal(first.ETag, (await ReadAsNewAsync()).ETag);

        async Task<GrainState<MailState>> ReadAsNewAsync()
        {
            var read = new GrainState<MailState>(new MailState());
            await news.ReadStateAsync(MailStateStorage.StateName, GrainId.Create("mail", id), read);
            return read;
        }
    }

    [Fact]
    public async Task Of_a_confirmation_and_a_withdrawal_at_once_one_wins_and_both_know_which()
    {
        for (var round = 0; round < 20; round++)
        {
            var id = NewId();
            var state = await AcceptAsync(id, Offered(await NewMailAsync()));
            var confirming = Task.Run(async () =>
            {
                try
                {
                    await ChangeAsync(id, state, mail => mail with { Phase = MailPhase.Working, Visits = [], Offer = null });
                    return AcceptAnswer.Accepted;
                }
                catch (InconsistentStateException)
                {
                    return AcceptAnswer.Withdrawn;
                }
            });
            var settling = Task.Run(() => Acceptances.SettleAsync(id));
            Assert.Equal(await settling, await confirming);
        }
    }

    private static MailState Offered(MailState mail) => mail with
    {
        Phase = MailPhase.Offered,
        Offer = new MailOffer { AcceptsLate = true },
        Visits = [new DelegationState { Service = "scanner", TicketHashes = ["hash-1", "hash-2"] }],
    };

    [Fact]
    public async Task Of_an_acceptance_and_a_withdrawal_at_once_one_wins_and_both_know_which()
    {
        for (var round = 0; round < 20; round++)
        {
            var id = NewId();
            var mail = await NewMailAsync();
            var accepting = Task.Run(async () =>
            {
                try
                {
                    await AcceptAsync(id, mail);
                    return AcceptAnswer.Accepted;
                }
                catch (InconsistentStateException)
                {
                    return AcceptAnswer.Withdrawn;
                }
            });
            var settling = Task.Run(() => Acceptances.SettleAsync(id));
            Assert.Equal(await settling, await accepting);
        }
    }
}
