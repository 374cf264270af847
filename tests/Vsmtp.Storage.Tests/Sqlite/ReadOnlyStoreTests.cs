using Orleans;
using Orleans.Runtime;
using Vsmtp.Contracts.Mail;
using Vsmtp.Storage.Sqlite;

namespace Vsmtp.Storage.Tests.Sqlite;

public sealed class ReadOnlyStoreTests
{
    [Fact]
    public async Task A_tool_reads_beside_the_server_and_after_it()
    {
        await using var server = new SqliteUnderTest();
        await server.OpenAsync();
        var id = MailId.Create(server.Time);
        await using var stage = server.Contents.Stage();
        await stage.WriteAsync(new byte[500_000], TestContext.Current.CancellationToken);
        var content = await stage.CompleteAsync(TestContext.Current.CancellationToken);
        await using var tool = SqliteReadOnlyStore.Open(server.Path);
        Assert.Null(await tool.Queries.FindAsync(id, TestContext.Current.CancellationToken));
        var state = new GrainState<MailState>(new MailState { Phase = MailPhase.Working, Original = content.Id, Content = content.Id });
        await server.GrainStates.WriteStateAsync(MailStateStorage.StateName, GrainId.Create("mail", id), state);

        Assert.NotNull(await tool.Queries.FindAsync(id, TestContext.Current.CancellationToken));
        await tool.DisposeAsync();
        await server.Store.DisposeAsync();
        await using var later = SqliteReadOnlyStore.Open(server.Path);
        await using var stream = await later.OpenReadAsync(content.Id, TestContext.Current.CancellationToken);
        Assert.Equal(500_000, await stream.ReadAtLeastAsync(new byte[600_000], 600_000, throwOnEndOfStream: false, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_store_that_is_not_there_is_not_made()
    {
        using var folder = new TemporaryFolder();

        Assert.Throws<StoreUnusableException>(() => SqliteReadOnlyStore.Open(folder.File("vsmtp.db")));

        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }
}
