using Orleans;
using Orleans.Storage;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Storage.Tests.Contract;

/// <summary>Many at once.</summary>
public abstract class ConcurrencyContract(StoreUnderTest store) : StoreContract(store)
{
    [Fact]
    public async Task A_thousand_writers_of_a_thousand_mails_all_succeed()
    {
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => Task.Run(async () =>
        {
            var id = NewId();
            var content = await StageAsync(Bytes(100 + i, i));
            var state = await AcceptAsync(id, NewMail(content));
            await ChangeAsync(id, state, mail => mail with { Phase = MailPhase.Deferred, NewEvents = [Event("deferred")] });
            Assert.Equal(Bytes(100 + i, i), await ReadAsync(content.Id));
        })));

        var counts = await Store.Queries.CountAsync(Cancel);
        Assert.Equal(1000, counts["deferred"]);
        Assert.Equal(0, counts["working"]);
        Assert.Equal(1000, (await Store.Queries.ListAsync(null, 2000, Cancel)).Length);
    }

    [Fact]
    public async Task Of_many_writers_with_one_etag_exactly_one_wins()
    {
        var id = NewId();
        var etag = (await AcceptAsync(id, await NewMailAsync())).ETag;
        var read = await ReadMailAsync(id);

        var wins = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(async () =>
        {
            try
            {
                await WriteAsync(id, new GrainState<MailState>(read.State! with { Reason = $"{i}", NewEvents = [Event($"won {i}")] }, etag));
                return i;
            }
            catch (InconsistentStateException)
            {
                return -1;
            }
        })));

        var winner = Assert.Single(wins, win => win >= 0);
        Assert.Equal($"{winner}", (await ReadMailAsync(id)).State!.Reason);
        Assert.Equal(["accepted", $"won {winner}"], await HistoryAsync(id));
    }

    [Fact]
    public async Task Readers_see_whole_writes_only()
    {
        var id = NewId();
        var state = await AcceptAsync(id, await NewMailAsync());
        using var done = new CancellationTokenSource();
        var reader = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                var mail = (await Store.Queries.FindAsync(id, Cancel))!;
                Assert.Equal(mail.State.Attempts, mail.Events.Length - 1);
                Assert.Equal(mail.State.Attempts % 2 == 0 ? "working" : "deferred", mail.Summary.Queue);
            }
        });
        for (var i = 1; i <= 200; i++)
        {
            await ChangeAsync(id, state, mail => mail with
            {
                Attempts = i,
                Phase = i % 2 == 0 ? MailPhase.Working : MailPhase.Deferred,
                NewEvents = [Event("step")],
            });
        }

        await done.CancelAsync();
        await reader;
    }
}
