using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using Orleans.Runtime;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Storage.Postgres;

namespace Vsmtp.Storage.Tests.Postgres;

/// <summary>One of several that have a store at once, as far as the store can tell them from processes.</summary>
internal sealed class Silo : IAsyncDisposable
{
    private readonly PostgresServer _server;
    private readonly string _database;
    private readonly PostgresClaim _claim;

    private Silo(PostgresServer server, string database, Func<PostgresStoreOptions, PostgresStoreOptions>? change)
    {
        _server = server;
        _database = database;
        var options = PostgresUnderTest.OptionsOf(server.Port, database);
        if (change is not null) options = change(options);
        _claim = PostgresClaim.Acquire(options, ClaimMode.Shared);
        Store = PostgresStore.Open(options, _claim, NullLoggerFactory.Instance);
    }

    public PostgresStore Store { get; }

    public StoreIncarnation Incarnation => _claim.Incarnation;

    public string Name => Incarnation.Name;

    /// <summary>Cancelled when another has taken the store from it.</summary>
    public CancellationToken Lost => _claim.Lost;

    /// <summary>On a thread of its own: opening waits for the database.</summary>
    public static Task<Silo> StartAsync(
        PostgresServer server, string database, Func<PostgresStoreOptions, PostgresStoreOptions>? change = null) =>
        Task.Run(() => new Silo(server, database, change));

    /// <summary>Writes a new mail that this one is busy with.</summary>
    public Task<string> TakeMailAsync(DateTimeOffset? wakeAt = null) => TakeMailAsync(wakeAt, content: null);

    /// <summary>The same with bytes that were staged, by this one or another.</summary>
    public Task<string> TakeMailAsync(StagedContent content) => TakeMailAsync(wakeAt: null, content);

    private async Task<string> TakeMailAsync(DateTimeOffset? wakeAt, StagedContent? content)
    {
        var id = MailId.Create(TimeProvider.System);
        await WriteAsync(id, new GrainState<MailState>(new MailState
        {
            Phase = MailPhase.Working,
            Original = content?.Id,
            Content = content?.Id,
            Envelope = new MailEnvelope { Sender = "john@doe.example", Recipients = [new MailRecipient { Address = "jenny@example.com" }] },
            IsBusy = true,
            WakeAt = wakeAt ?? DateTimeOffset.UtcNow.AddHours(1),
        }));
        return id;
    }

    public Task WriteAsync(string id, GrainState<MailState> state) =>
        Store.GrainStates.WriteStateAsync(MailStateStorage.StateName, GrainId.Create("mail", id), state);

    public async Task<StagedContent> StageAsync(int bytes)
    {
        await using var stage = Store.Contents.Stage();
        await stage.WriteAsync(new byte[bytes], TestContext.Current.CancellationToken);
        return await stage.CompleteAsync(TestContext.Current.CancellationToken);
    }

    public Task<int> RecoverAsync() => Store.WakeUps.RecoverAsync(TestContext.Current.CancellationToken);

    /// <summary>Ends as if killed, as far as the store can tell: all sessions of the incarnation are gone.</summary>
    public async Task EndAsync()
    {
        await DisposeAsync();
        await PostgresUnderTest.AwaitEndAsync(_server, _database, Incarnation);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _claim.Dispose();
    }
}
