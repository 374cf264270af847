using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using Orleans.Runtime;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Storage.Sqlite;

namespace Vsmtp.Storage.Tests.Sqlite;

/// <summary>On a file system of a few megabytes.</summary>
public sealed class DiskFullTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly bool _isMounted;

    public DiskFullTests() => _isMounted = OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", _folder.Path);

    public void Dispose()
    {
        if (_isMounted) Run("umount", "-l", _folder.Path);
        _folder.Dispose();
    }

    [Fact]
    public async Task A_full_disk_refuses_mails_loses_none_and_is_used_again_when_there_is_room()
    {
        if (!_isMounted) Assert.Skip("A small file system could not be mounted; that takes root.");
        var ballast = _folder.File("ballast");
        await File.WriteAllBytesAsync(ballast, new byte[8 << 20], TestContext.Current.CancellationToken);
        var taken = new List<(string Id, ContentId Content)>();
        await using (var store = Open())
        {
            await Assert.ThrowsAsync<StoreFullException>(async () =>
            {
                while (true) taken.Add(await AcceptAsync(store));
            });
            Assert.NotEmpty(taken);
            await Assert.ThrowsAsync<StoreFullException>(() => AcceptAsync(store));
            await CheckAsync(store, taken);

            File.Delete(ballast);
            taken.Add(await AcceptAsync(store));
            await CheckAsync(store, taken);
        }

        await using var again = Open();
        await CheckAsync(again, taken);
        Assert.Equal(taken.Count, (await again.Queries.CountAsync(TestContext.Current.CancellationToken))["total/accepted"]);
    }

    private static async Task<(string Id, ContentId Content)> AcceptAsync(SqliteStore store)
    {
        var id = MailId.Create(TimeProvider.System);
        await using var stage = store.Contents.Stage();
        await stage.WriteAsync(new byte[300_000], CancellationToken.None);
        var content = await stage.CompleteAsync(CancellationToken.None);
        var state = new GrainState<MailState>(new MailState { Phase = MailPhase.Working, Original = content.Id, Content = content.Id });
        await store.GrainStates.WriteStateAsync(MailStateStorage.StateName, GrainId.Create("mail", id), state);
        return (id, content.Id);
    }

    private static async Task CheckAsync(SqliteStore store, List<(string Id, ContentId Content)> taken)
    {
        foreach (var (id, content) in taken)
        {
            Assert.NotNull(await store.Queries.FindAsync(id, CancellationToken.None));
            await using var stream = await store.Contents.OpenReadAsync(content, CancellationToken.None);
            await stream.CopyToAsync(Stream.Null);
        }

        var check = await store.Writes.RunAsync(writer =>
        {
            using var row = writer.Use("PRAGMA integrity_check");
            row.Step();
            return row.Text(0);
        });
        Assert.Equal("ok", check);
    }

    private static bool Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true });
        process!.WaitForExit();
        return process.ExitCode == 0;
    }

    private SqliteStore Open() => SqliteStore.Open(
        new SqliteStoreOptions { Path = _folder.File("vsmtp.db"), CheckpointBytes = 1 << 20 },
        StoreIncarnation.Create(),
        TimeProvider.System,
        NullLoggerFactory.Instance);
}
