using Orleans;
using Orleans.Storage;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Storage.Tests.Contract;

/// <summary>What a write of a mail's state does, all or nothing.</summary>
public abstract class MailStateContract(StoreUnderTest store) : StoreContract(store)
{
    [Fact]
    public async Task A_mail_that_was_never_written_reads_as_a_default_state_without_a_record()
    {
        var read = await ReadMailAsync(NewId());

        Assert.False(read.RecordExists);
        Assert.Null(read.ETag);
        Assert.Equal(MailPhase.None, read.State!.Phase);
        Assert.Equal("postq", read.State!.Stage);
    }

    [Fact]
    public async Task What_was_written_is_read_back_member_by_member()
    {
        var id = NewId();
        var content = await StageAsync(Bytes(500));
        var mail = NewMail(content) with
        {
            Phase = MailPhase.Quarantine,
            Quarantine = "virus_q",
            Reason = "EICAR \"found\" \u20ac \ud83d\ude00",
            Source = "main.vsl:12:9",
            HeaderChanges = [new HeaderChange(HeaderChangeKind.Set, "X-A", "1"), new HeaderChange(HeaderChangeKind.Remove, "X-B", "")],
            Stage = "delivery",
            SkipsRules = true,
            Visits =
            [
                new DelegationState
                {
                    Service = "clamav",
                    Stage = "postq",
                    Directive = "check",
                    Attempt = 2,
                    FirstTriedAt = Now,
                    Step = DelegationStep.AwaitingReturn,
                    Outcome = DelegationOutcome.Unscanned,
                    TicketHashes = ["aa", "bb"],
                    ReturnDeadline = Now.AddMinutes(5),
                    WasLetGo = true,
                    LastResult = "250 ok",
                    Source = "main.vsl:3:1",
                },
            ],
            SpentTicketHashes = ["cc"],
            Delegations = 3,
            Attempts = 4,
            IsBusy = true,
        };
        await AcceptAsync(id, mail);

        var read = await ReadMailAsync(id);

        Assert.True(read.RecordExists);
        Assert.Equivalent(mail with { NewEvents = [], NewContents = [] }, read.State!, strict: true);
    }

    [Fact]
    public async Task A_write_gives_a_new_etag_and_drops_events_and_contents_that_it_has_stored()
    {
        var id = NewId();
        var state = await AcceptAsync(id, await NewMailAsync());
        var first = state.ETag;

        Assert.True(state.RecordExists);
        Assert.Empty(state.State!.NewEvents);
        Assert.Empty(state.State!.NewContents);
        await WriteAsync(id, state);

        Assert.NotEqual(first, state.ETag);
        Assert.Equal(state.ETag, (await ReadMailAsync(id)).ETag);
        Assert.Equal(["accepted"], await HistoryAsync(id));
    }

    [Fact]
    public async Task A_new_mail_is_refused_where_one_is()
    {
        var id = NewId();
        await AcceptAsync(id, await NewMailAsync());

        await Assert.ThrowsAsync<InconsistentStateException>(async () => await AcceptAsync(id, await NewMailAsync()));
    }

    [Fact]
    public async Task A_stale_etag_is_refused_and_changes_nothing()
    {
        var id = NewId();
        var ours = await AcceptAsync(id, await NewMailAsync());
        var theirs = await ReadMailAsync(id);
        await ChangeAsync(id, theirs, mail => mail with { Reason = "theirs", NewEvents = [Event("theirs")] });

        var fault = await Assert.ThrowsAsync<InconsistentStateException>(() =>
            ChangeAsync(id, ours, mail => mail with { Phase = MailPhase.Dead, Reason = "ours", NewEvents = [Event("ours")] }));

        Assert.Equal(theirs.ETag, fault.StoredEtag);
        Assert.Equal("theirs", (await ReadMailAsync(id)).State!.Reason);
        Assert.Equal(["accepted", "theirs"], await HistoryAsync(id));
        Assert.Equal(0, (await Store.Queries.CountAsync(Cancel))["dead"]);
    }

    [Fact]
    public async Task An_etag_of_a_mail_that_is_not_there_is_refused()
    {
        var state = new GrainState<MailState>(await NewMailAsync(), "3");

        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(NewId(), state));
    }

    [Fact]
    public async Task A_mail_whose_bytes_are_nowhere_is_not_written_at_all()
    {
        var id = NewId();
        var mail = NewMail(await StageAsync(Bytes(100))) with { NewContents = [] };

        await Assert.ThrowsAsync<ContentMissingException>(() => AcceptAsync(id, mail));

        Assert.False((await ReadMailAsync(id)).RecordExists);
        Assert.Null(await Store.Queries.FindAsync(id, Cancel));
        Assert.All(await Store.Queries.CountAsync(Cancel), count => Assert.Equal(0, count.Value));
    }

    [Fact]
    public async Task When_one_of_two_contents_is_missing_the_other_is_not_stored_either()
    {
        var id = NewId();
        var mail = NewMail(await StageAsync(Bytes(100))) with { Content = new ContentId("00", 5, "ff") };

        await Assert.ThrowsAsync<ContentMissingException>(() => AcceptAsync(id, mail));

        Assert.Equal(0, await Store.CountContentBytesAsync());
    }

    [Fact]
    public async Task Bytes_that_are_not_as_many_as_they_say_are_refused()
    {
        var staged = await StageAsync(Bytes(100));
        var mail = NewMail(staged with { Id = staged.Id with { Length = 99 } });

        await Assert.ThrowsAsync<InvalidOperationException>(() => AcceptAsync(NewId(), mail));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1_000_000)]
    public async Task A_returned_content_takes_the_place_of_the_current_one_and_the_original_stays(int bytes)
    {
        var id = NewId();
        var original = await StageAsync(Bytes(bytes, 1));
        var state = await AcceptAsync(id, NewMail(original));
        var first = await StageAsync(Bytes(bytes, 2));
        await ChangeAsync(id, state, mail => mail with { Content = first.Id, NewContents = [first] });
        var second = await StageAsync(Bytes(bytes, 3));
        await ChangeAsync(id, state, mail => mail with { Content = second.Id, NewContents = [second] });

        Assert.Equal(Bytes(bytes, 1), await ReadAsync(original.Id));
        Assert.Equal(Bytes(bytes, 3), await ReadAsync(second.Id));
        await Assert.ThrowsAsync<ContentMissingException>(() => ReadAsync(first.Id));
        Assert.Equal(2 * bytes, await Store.CountContentBytesAsync());
    }

    [Theory]
    [InlineData(MailPhase.Delivered)]
    [InlineData(MailPhase.Bounced)]
    [InlineData(MailPhase.Removed)]
    public async Task The_end_of_a_mail_takes_its_contents_in_the_same_write_and_leaves_its_history(MailPhase end)
    {
        var id = NewId();
        var state = await AcceptAsync(id, await NewMailAsync());
        var returned = await StageAsync(Bytes(300_000));
        await ChangeAsync(id, state, mail => mail with { Content = returned.Id });

        await ChangeAsync(id, state, mail => mail with { Phase = end, NewEvents = [Event("ended")] });

        Assert.Equal(0, await Store.CountContentBytesAsync());
        Assert.Equal(["accepted", "ended"], await HistoryAsync(id));
        Assert.Equal(300_000, (await Store.Queries.FindAsync(id, Cancel))!.Summary.Bytes);
        Assert.Empty(await Store.Queries.ListAsync(null, 10, Cancel));
    }

    [Fact]
    public async Task An_ended_mail_takes_further_events_and_does_not_come_back()
    {
        var id = NewId();
        var state = await AcceptAsync(id, await NewMailAsync());
        await ChangeAsync(id, state, mail => mail with { Phase = MailPhase.Delivered });
        await ChangeAsync(id, state, mail => mail with { NewEvents = [Event("discarded")] });

        await Assert.ThrowsAsync<InvalidOperationException>(() => ChangeAsync(id, state, mail => mail with { Phase = MailPhase.Working }));

        Assert.Equal(["accepted", "discarded"], await HistoryAsync(id));
    }

    [Fact]
    public async Task A_content_belongs_to_one_mail()
    {
        var staged = await StageAsync(Bytes(200_000));
        var first = NewId();
        await AcceptAsync(first, NewMail(staged));

        await Assert.ThrowsAsync<ContentMissingException>(() => AcceptAsync(NewId(), NewMail(staged)));

        Assert.Equal(Bytes(200_000), await ReadAsync(staged.Id));
    }

    [Fact]
    public async Task A_new_content_that_the_state_does_not_name_is_not_kept()
    {
        var mail = NewMail(await StageAsync(Bytes(100)));
        await AcceptAsync(NewId(), mail with { NewContents = mail.NewContents.Add(await StageAsync(Bytes(50))) });

        Assert.Equal(100, await Store.CountContentBytesAsync());
    }

    [Fact]
    public async Task Events_keep_their_order_over_many_writes()
    {
        var id = NewId();
        var state = await AcceptAsync(id, await NewMailAsync());
        for (var i = 0; i < 30; i++)
        {
            await ChangeAsync(id, state, mail => mail with { NewEvents = [Event($"{i}a"), Event($"{i}b")] });
        }

        Assert.Equal(["accepted", .. Enumerable.Range(0, 30).SelectMany(i => new[] { $"{i}a", $"{i}b" })], await HistoryAsync(id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Gr\u00fc\u00dfe \u6f22\u5b57 \ud83d\ude00")]
    [InlineData("line\r\nbreak\t\"quoted\" \\ 'apostrophe' %_?")]
    [InlineData("a text of more than a thousand octets")]
    public async Task Text_of_any_kind_is_kept_as_it_came(string text)
    {
        if (text.StartsWith("a text", StringComparison.Ordinal)) text = string.Concat(Enumerable.Repeat(text, 50));
        var id = NewId();
        var mail = await NewMailAsync();
        await AcceptAsync(id, mail with
        {
            Subject = text,
            Reason = text,
            Envelope = mail.Envelope with { Sender = text, Recipients = [new MailRecipient { Address = text }] },
            NewEvents = [new MailEvent(Now, text, text, text, text, text)],
        });

        var found = (await Store.Queries.FindAsync(id, Cancel))!;

        Assert.Equal(text, found.Summary.Subject);
        Assert.Equal(text, found.Summary.Sender);
        Assert.Equal([text], found.Summary.Recipients);
        Assert.Equal(text, found.State.Reason);
        Assert.Equal(new MailEvent(Now, text, text, text, text, text), Assert.Single(found.Events));
    }

    [Fact]
    public async Task A_mail_without_a_phase_is_not_written()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => AcceptAsync(NewId(), new MailState()));
    }

    [Fact]
    public async Task A_cleared_mail_leaves_nothing()
    {
        var id = NewId();
        var state = await AcceptAsync(id, await NewMailAsync(200_000));
        await Store.GrainStates.ClearStateAsync(MailStateStorage.StateName, Grain(id), state);

        Assert.False(state.RecordExists);
        Assert.False((await ReadMailAsync(id)).RecordExists);
        Assert.Equal(0, await Store.CountContentBytesAsync());
        Assert.Empty(await Store.CountRowsAsync());
        Assert.Equal(0, (await Store.Queries.CountAsync(Cancel))["working"]);
    }

    [Fact]
    public async Task States_survive_a_restart()
    {
        var id = NewId();
        var content = await StageAsync(Bytes(100_000));
        var state = await AcceptAsync(id, NewMail(content));
        await Store.RestartAsync();

        var read = await ReadMailAsync(id);

        Assert.Equal(state.ETag, read.ETag);
        Assert.Equivalent(state.State!, read.State!, strict: true);
        Assert.Equal(Bytes(100_000), await ReadAsync(content.Id));
        await ChangeAsync(id, read, mail => mail with { Reason = "after" });
    }
}
