using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using Orleans.Runtime;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Storage.Postgres;
using Vsmtp.Storage.Sqlite;
using Vsmtp.Storage.Tests.Postgres;

namespace Vsmtp.Storage.Tests.Crash;

/// <summary>The process that is killed: takes mails and moves them on for ever, and says each time what it knows to be durable.</summary>
internal static class MailWriter
{
    public const string Verb = "write-mails-until-killed";

    private const int Workers = 8;

    /// <summary>Writes lines to standard output: <c>ID PHASE EVENTS KEY SIZE SHA256</c>, each after its commit.</summary>
    /// <param name="where">The path of a SQLite file, or <c>postgres:PORT:DATABASE:MODE</c> with the mode of its claim.</param>
    public static async Task<int> RunAsync(string where, int seed)
    {
        using var claim = where.Split(':') is ["postgres", var port, var database, var mode]
            ? new DatabaseClaim(int.Parse(port), database, Enum.Parse<ClaimMode>(mode))
            : null;
        await using var store = (IMailStore?)claim?.Open() ?? SqliteStore.Open(
            new SqliteStoreOptions { Path = where, CheckpointBytes = 1 << 20 }, StoreIncarnation.Create(), TimeProvider.System, NullLoggerFactory.Instance);
        await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        var said = TextWriter.Synchronized(output);
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(store, new Random(seed * Workers + worker), said))));
        return 0;
    }

    private static async Task WorkAsync(IMailStore store, Random random, TextWriter said)
    {
        while (true)
        {
            var id = MailId.Create(TimeProvider.System);
            var content = await StageAsync(store, random);
            var state = new GrainState<MailState>(new MailState
            {
                Phase = MailPhase.Working,
                Envelope = new MailEnvelope { Sender = id, Recipients = [new MailRecipient { Address = "jenny@example.com" }] },
                Original = content.Id,
                Content = content.Id,
                IsBusy = true,
                WakeAt = DateTimeOffset.UtcNow,
                NewContents = content.Inline.IsDefault ? [] : [content],
                NewEvents = [Event(0)],
            });
            await WriteAsync(store, id, state, said, 1);
            MailPhase[] ways = [MailPhase.Delegated, MailPhase.Deferred, random.Next(2) == 0 ? MailPhase.Delivered : MailPhase.Quarantine];
            for (var step = 0; step < random.Next(ways.Length + 1); step++)
            {
                state.State = state.State! with { Phase = ways[step], Quarantine = "q", IsBusy = random.Next(2) == 0, NewEvents = [Event(step + 1)] };
                await WriteAsync(store, id, state, said, step + 2);
            }
        }
    }

    private static async Task<StagedContent> StageAsync(IMailStore store, Random random)
    {
        var bytes = new byte[random.Next(10) == 0 ? random.Next(100_000, 900_000) : random.Next(20_000)];
        random.NextBytes(bytes);
        await using var stage = store.Contents.Stage();
        await stage.WriteAsync(bytes, CancellationToken.None);
        return await stage.CompleteAsync(CancellationToken.None);
    }

    private static async Task WriteAsync(IMailStore store, string id, GrainState<MailState> state, TextWriter said, int events)
    {
        await store.GrainStates.WriteStateAsync(MailStateStorage.StateName, GrainId.Create("mail", id), state);
        var content = state.State!.Content!;
        await said.WriteLineAsync($"{id} {state.State!.Phase} {events} {content.Key} {content.Length} {content.Sha256}");
    }

    private static MailEvent Event(int number) => new(DateTimeOffset.UtcNow, "child", $"event-{number}", "because");

    private sealed class DatabaseClaim(int port, string database, ClaimMode mode) : IDisposable
    {
        private readonly PostgresClaim _claim = PostgresClaim.Acquire(PostgresUnderTest.OptionsOf(port, database), mode);

        public PostgresStore Open() => PostgresStore.Open(
            PostgresUnderTest.OptionsOf(port, database), _claim, NullLoggerFactory.Instance);

        public void Dispose() => _claim.Dispose();
    }
}
