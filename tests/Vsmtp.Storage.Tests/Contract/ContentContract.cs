using System.Security.Cryptography;
using Orleans;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Storage.Tests.Contract;

/// <summary>How bytes come into the store, out of it, and away.</summary>
public abstract class ContentContract(StoreUnderTest store) : StoreContract(store)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8_000)]
    [InlineData(8_001)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public async Task A_small_content_is_given_back_and_is_not_in_the_store_until_a_state_names_it(int length)
    {
        var staged = await StageAsync(Bytes(length));

        Assert.False(staged.Inline.IsDefault);
        Assert.Equal(Bytes(length), staged.Inline.ToArray());
        await Assert.ThrowsAsync<ContentMissingException>(() => ReadAsync(staged.Id));

        await AcceptAsync(NewId(), NewMail(staged));
        Assert.Equal(Bytes(length), await ReadAsync(staged.Id));
        await Store.RestartAsync();                            // and it is not in memory any more
        Assert.Equal(Bytes(length), await ReadAsync(staged.Id));
    }

    [Theory]
    [InlineData(65_537, 10_000)]
    [InlineData(262_144, 262_144)]
    [InlineData(262_145, 1)]
    [InlineData(524_288, 65_536)]
    [InlineData(3_000_001, 999_999)]
    public async Task A_larger_content_is_in_the_store_when_it_is_completed(int length, int piece)
    {
        var bytes = Bytes(length);

        var staged = await StageAsync(bytes, piece);

        Assert.True(staged.Inline.IsDefault);
        Assert.Equal(length, staged.Id.Length);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), staged.Id.Sha256);
        Assert.Equal(bytes, await ReadAsync(staged.Id));
        await Store.RestartAsync();
        Assert.Equal(bytes, await ReadAsync(staged.Id));
        await AcceptAsync(NewId(), NewMail(staged));
        Assert.Equal(bytes, await ReadAsync(staged.Id));
    }

    [Fact]
    public async Task The_same_bytes_staged_twice_are_two_contents()
    {
        var first = await StageAsync(Bytes(100));
        var second = await StageAsync(Bytes(100));

        Assert.NotEqual(first.Id.Key, second.Id.Key);
        Assert.Equal(first.Id.Sha256, second.Id.Sha256);
        Assert.Matches("^[0-9a-f]{32}$", first.Id.Key);
    }

    [Fact]
    public async Task A_content_is_read_in_pieces_of_any_size()
    {
        var bytes = Bytes(700_000);
        var staged = await StageAsync(bytes);
        await using var stream = await Store.Contents.OpenReadAsync(staged.Id, Cancel);
        var read = new List<byte>();
        var buffer = new byte[100_001];
        while (await stream.ReadAsync(buffer, Cancel) is > 0 and var count) read.AddRange(buffer.AsSpan(0, count));

        Assert.Equal(bytes, read.ToArray());
    }

    [Fact]
    public async Task Many_read_one_content_at_once()
    {
        var bytes = Bytes(600_000);
        var staged = await StageAsync(bytes);

        var reads = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ReadAsync(staged.Id)));

        Assert.All(reads, read => Assert.Equal(bytes, read));
    }

    [Fact]
    public async Task A_content_that_is_not_there_is_said_to_be_missing()
    {
        await Assert.ThrowsAsync<ContentMissingException>(() => ReadAsync(new ContentId("abcd", 3, "00")));
    }

    [Fact]
    public async Task A_content_deleted_while_it_is_read_ends_the_read_with_a_fault_and_not_with_a_short_message()
    {
        var id = NewId();
        var staged = await StageAsync(Bytes(900_000));
        var state = await AcceptAsync(id, NewMail(staged));
        await using var stream = await Store.Contents.OpenReadAsync(staged.Id, Cancel);
        await stream.ReadExactlyAsync(new byte[1000], Cancel);
        await ChangeAsync(id, state, mail => mail with { Phase = MailPhase.Removed });

        await Assert.ThrowsAsync<ContentMissingException>(() => stream.CopyToAsync(Stream.Null, Cancel));
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(900_000)]
    public async Task A_stage_that_is_given_up_leaves_nothing(int length)
    {
        await using (var stage = Store.Contents.Stage())
        {
            await stage.WriteAsync(Bytes(length), Cancel);
            Assert.Equal(length, stage.Length);
        }

        Assert.Equal(0, await Store.CountContentBytesAsync());
    }

    [Fact]
    public async Task A_completed_stage_takes_no_more()
    {
        await using var stage = Store.Contents.Stage();
        await stage.WriteAsync(Bytes(10), Cancel);
        await stage.CompleteAsync(Cancel);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await stage.WriteAsync(Bytes(1), Cancel));
        await Assert.ThrowsAsync<InvalidOperationException>(() => stage.CompleteAsync(Cancel));
    }

    [Fact]
    public async Task What_is_staged_is_bounded_and_room_comes_back_when_it_is_named_or_given_up()
    {
        await Store.OpenAsync(options => options with { MaxStagedBytes = 1_000_000 });
        var first = await StageAsync(Bytes(600_000));
        await using (var second = Store.Contents.Stage())
        {
            await second.WriteAsync(Bytes(400_000), Cancel);
            await Assert.ThrowsAsync<StoreFullException>(async () => await second.WriteAsync(Bytes(1), Cancel));
        }

        await using (var third = Store.Contents.Stage()) await third.WriteAsync(Bytes(400_000), Cancel);
        await AcceptAsync(NewId(), NewMail(first));
        await StageAsync(Bytes(1_000_000));
    }

    [Fact]
    public async Task A_refused_piece_does_not_spoil_the_stage()
    {
        await Store.OpenAsync(options => options with { MaxStagedBytes = 1_000 });
        await using var stage = Store.Contents.Stage();
        await stage.WriteAsync(Bytes(900), Cancel);
        await Assert.ThrowsAsync<StoreFullException>(async () => await stage.WriteAsync(Bytes(200), Cancel));

        var staged = await stage.CompleteAsync(Cancel);

        Assert.Equal(Bytes(900), staged.Inline.ToArray());
    }

    [Fact]
    public async Task The_bound_counts_what_an_earlier_process_staged()
    {
        await Store.OpenAsync(options => options with { MaxStagedBytes = 1_000_000 });
        await StageAsync(Bytes(600_000));
        await Store.RestartAsync();

        await Assert.ThrowsAsync<StoreFullException>(() => StageAsync(Bytes(400_001)));
        await StageAsync(Bytes(400_000));
    }

    [Fact]
    public async Task A_content_that_no_mail_names_within_the_hour_is_collected()
    {
        await Store.OpenAsync(options => options with { MaxStagedBytes = 1_000_000 });
        var forgotten = await StageAsync(Bytes(300_000));
        Store.Time.Advance(TimeSpan.FromMinutes(59));
        var fresh = await StageAsync(Bytes(200_000));
        var named = await StageAsync(Bytes(100_000));
        await AcceptAsync(NewId(), NewMail(named));
        await Store.CollectAsync();
        Assert.Equal(600_000, await Store.CountContentBytesAsync());

        Store.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await Store.CollectAsync());

        await Assert.ThrowsAsync<ContentMissingException>(() => AcceptAsync(NewId(), NewMail(forgotten)));
        await AcceptAsync(NewId(), NewMail(fresh));
        await StageAsync(Bytes(1_000_000));
    }

    [Fact]
    public async Task A_stage_that_is_open_for_long_is_not_collected()
    {
        await using var stage = Store.Contents.Stage();
        await stage.WriteAsync(Bytes(700_000), Cancel);
        Store.Time.Advance(TimeSpan.FromHours(3));
        await Store.CollectAsync();
        var staged = await stage.CompleteAsync(Cancel);
        await Store.CollectAsync();

        Assert.Equal(Bytes(700_000), await ReadAsync(staged.Id));
    }

    [Fact]
    public async Task A_cancelled_write_fails_and_the_stage_can_be_given_up()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await using (var stage = Store.Contents.Stage())
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stage.WriteAsync(Bytes(700_000), cancelled.Token));
            await Assert.ThrowsAsync<InvalidOperationException>(() => stage.CompleteAsync(Cancel));
        }

        Assert.Equal(0, await Store.CountContentBytesAsync());
    }
}
