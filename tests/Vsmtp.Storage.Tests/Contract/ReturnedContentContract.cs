using Orleans;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Storage.Tests.Contract;

/// <summary>What services that keep the original brought back is the mail's own, beside its original and its present content.</summary>
public abstract class ReturnedContentContract(StoreUnderTest store) : StoreContract(store)
{
    [Theory]
    [InlineData(100)]
    [InlineData(1_000_000)]
    public async Task Returns_are_kept_beside_the_content_through_writes_and_a_restart(int bytes)
    {
        var id = NewId();
        var original = await StageAsync(Bytes(bytes, 1));
        var state = await AcceptAsync(id, NewMail(original));
        var first = await StageAsync(Bytes(bytes, 2));
        var second = await StageAsync(Bytes(bytes, 3));
        await ReturnAsync(id, state, "a", first);
        await ReturnAsync(id, state, "b", second);
        await Store.RestartAsync();

        var read = await ReadMailAsync(id);
        await ChangeAsync(id, read, mail => mail with { Reason = "later" });

        Assert.Equivalent(state.State! with { Reason = "later" }, read.State!, strict: true);
        Assert.Equal(Bytes(bytes, 1), await ReadAsync(original.Id));
        Assert.Equal(Bytes(bytes, 2), await ReadAsync(first.Id));
        Assert.Equal(Bytes(bytes, 3), await ReadAsync(second.Id));
        Assert.Equal(3 * bytes, await Store.CountContentBytesAsync());
    }

    [Fact]
    public async Task A_service_that_brings_another_one_replaces_its_first()
    {
        var id = NewId();
        var state = await AcceptAsync(id, await NewMailAsync());
        var first = await StageAsync(Bytes(300_000, 2));
        await ReturnAsync(id, state, "a", first);
        var second = await StageAsync(Bytes(200_000, 3));
        await ReturnAsync(id, state, "a", second);

        await Assert.ThrowsAsync<ContentMissingException>(() => ReadAsync(first.Id));
        Assert.Equal(Bytes(200_000, 3), await ReadAsync(second.Id));
        Assert.Equal(200_100, await Store.CountContentBytesAsync());
    }

    [Theory]
    [InlineData(MailPhase.Delivered)]
    [InlineData(MailPhase.Removed)]
    public async Task The_end_of_the_mail_takes_them_too(MailPhase end)
    {
        var id = NewId();
        var state = await AcceptAsync(id, await NewMailAsync());
        await ReturnAsync(id, state, "a", await StageAsync(Bytes(100, 2)));
        await ReturnAsync(id, state, "b", await StageAsync(Bytes(300_000, 3)));

        await ChangeAsync(id, state, mail => mail with { Phase = end });

        Assert.Equal(0, await Store.CountContentBytesAsync());
        Assert.Equal(2, (await ReadMailAsync(id)).State!.Returns.Length);
    }

    [Fact]
    public async Task A_cleared_mail_leaves_none_of_them()
    {
        var id = NewId();
        var state = await AcceptAsync(id, await NewMailAsync());
        await ReturnAsync(id, state, "a", await StageAsync(Bytes(300_000, 2)));

        await Store.GrainStates.ClearStateAsync(MailStateStorage.StateName, Grain(id), state);

        Assert.Equal(0, await Store.CountContentBytesAsync());
    }

    [Fact]
    public async Task A_return_that_another_mail_owns_or_nobody_has_is_not_written()
    {
        var owned = await StageAsync(Bytes(200_000));
        await AcceptAsync(NewId(), NewMail(owned));
        var id = NewId();
        var state = await AcceptAsync(id, await NewMailAsync());
        var etag = state.ETag;

        await Assert.ThrowsAsync<ContentMissingException>(() => ReturnAsync(id, state, "a", owned));
        state = await ReadMailAsync(id);
        await Assert.ThrowsAsync<ContentMissingException>(() => ReturnAsync(id, state, "a", new StagedContent(new ContentId("00", 5, "ff"), default)));

        Assert.Equal(etag, (await ReadMailAsync(id)).ETag);
        Assert.Equal(Bytes(200_000), await ReadAsync(owned.Id));
    }

    [Fact]
    public async Task What_returns_took_of_the_staged_bytes_is_free_again()
    {
        await Store.OpenAsync(options => options with { MaxStagedBytes = 1_000_000 });
        var id = NewId();
        var state = await AcceptAsync(id, await NewMailAsync());
        await ReturnAsync(id, state, "a", await StageAsync(Bytes(900_000, 2)));
        await ReturnAsync(id, state, "b", await StageAsync(Bytes(900_000, 3)));
    }

    private Task ReturnAsync(string id, GrainState<MailState> state, string service, StagedContent content) => ChangeAsync(id, state, mail => mail with
    {
        Returns =
        [
            .. mail.Returns.Where(returned => returned.Service != service),
            new ServiceReturn(service, content.Id, mail.Content!, [new HeaderChange(HeaderChangeKind.AppendField, "X-A", "X-A:\tÿ\r\n folded\r\n")]),
        ],
        NewContents = content.Inline.IsDefault ? [] : [content],
    });
}
