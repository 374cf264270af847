using System.Text.Json;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Vsmtp.Contracts.Mail;
using Vsmtp.Storage.Mails;
using Vsmtp.Storage.Sqlite.Contents;

namespace Vsmtp.Storage.Sqlite.Mails;

/// <summary>Grain states in the mail store: a mail's in the mail's own row, with all that belongs to it; any other as JSON.</summary>
internal sealed class MailGrainStorage(StoreCore store) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        IsMail(stateName, grainState) is { } mail
            ? ReadMailAsync(grainId.Key.ToString(), mail)
            : ReadOtherAsync(stateName, grainId, grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        IsMail(stateName, grainState) is { } mail
            ? WriteMailAsync(grainId.Key.ToString(), mail)
            : WriteOtherAsync(stateName, grainId, grainState);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        IsMail(stateName, grainState) is { } mail
            ? ClearMailAsync(grainId.Key.ToString(), mail)
            : ClearOtherAsync(stateName, grainId, grainState);

    private static IGrainState<MailState>? IsMail<T>(string stateName, IGrainState<T> grainState) =>
        stateName == MailStateStorage.StateName ? grainState as IGrainState<MailState> : null;

    private async Task ReadMailAsync(string id, IGrainState<MailState> mail)
    {
        var found = await store.Readers.ReadAsync(reader =>
        {
            using var row = reader.Use("SELECT version, state FROM mail WHERE id = ?").With(id);
            return row.Step() ? (row.Number(0), StoredJson.Read(row.Bytes(1))) : ((long, MailState)?)null;
        }).ConfigureAwait(false);
        (mail.ETag, mail.State) = found is var (version, state) ? (ETag.Of(version), state) : (null, new MailState());
        mail.RecordExists = found is not null;
    }

    private async Task WriteMailAsync(string id, IGrainState<MailState> mail)
    {
        var state = mail.State ?? throw new ArgumentException("There is no state to write.", nameof(mail));
        var write = new MailWrite(id, mail.ETag, state, store.Time.GetUtcNow(), store.Incarnation);
        var (version, takenBytes) = await store.Writes.RunAsync(write.Execute).ConfigureAwait(false);
        store.Staged.Settle(takenBytes);
        store.Recent.Committed(id, state);
        mail.State = state with { NewEvents = [], NewContents = [] };
        mail.ETag = ETag.Of(version);
        mail.RecordExists = true;
    }

    private async Task ClearMailAsync(string id, IGrainState<MailState> mail)
    {
        var expected = ETag.Version(mail.ETag);
        await store.Writes.RunAsync(writer =>
        {
            var before = MailRow.Find(writer, id);
            ETag.ThrowIfStale(id, before?.Version, expected);
            if (before is null) return false;
            foreach (var key in before.Contents) ContentRows.Delete(writer, key);
            MailRow.Delete(writer, id);
            Counters.Clear(writer, store.Incarnation.Name, before.Queue);
            return true;
        }).ConfigureAwait(false);
        (mail.ETag, mail.State, mail.RecordExists) = (null, new MailState(), false);
    }

    private async Task ReadOtherAsync<T>(string name, GrainId grain, IGrainState<T> other)
    {
        var found = await store.Readers.ReadAsync(reader =>
        {
            using var row = reader.Use("SELECT version, state FROM grain_state WHERE name = ? AND grain = ?")
                .With(name).With(grain.ToString());
            return row.Step() ? (row.Number(0), JsonSerializer.Deserialize<T>(row.Bytes(1), StoredJson.Any)!) : ((long, T)?)null;
        }).ConfigureAwait(false);
        (other.ETag, other.State) = found is var (version, state) ? (ETag.Of(version), state) : (null, Activator.CreateInstance<T>());
        other.RecordExists = found is not null;
    }

    private async Task WriteOtherAsync<T>(string name, GrainId grain, IGrainState<T> other)
    {
        var expected = ETag.Version(other.ETag);
        var json = JsonSerializer.SerializeToUtf8Bytes(other.State, StoredJson.Any);
        other.ETag = ETag.Of(await store.Writes.RunAsync(writer =>
        {
            ThrowIfOtherIsStale(writer, name, grain, expected);
            var version = (expected ?? 0) + 1;
            writer.Use("""
                INSERT INTO grain_state (name, grain, version, state) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (name, grain) DO UPDATE SET version = ?3, state = ?4
                """)
                .With(name).With(grain.ToString()).With(version).WithUtf8(json)
                .Run();
            return version;
        }).ConfigureAwait(false));
        other.RecordExists = true;
    }

    private async Task ClearOtherAsync<T>(string name, GrainId grain, IGrainState<T> other)
    {
        var expected = ETag.Version(other.ETag);
        await store.Writes.RunAsync(writer =>
        {
            ThrowIfOtherIsStale(writer, name, grain, expected);
            return writer.Use("DELETE FROM grain_state WHERE name = ? AND grain = ?").With(name).With(grain.ToString()).Run();
        }).ConfigureAwait(false);
        (other.ETag, other.State, other.RecordExists) = (null, Activator.CreateInstance<T>(), false);
    }

    private static void ThrowIfOtherIsStale(SqliteSession writer, string name, GrainId grain, long? expected)
    {
        using var row = writer.Use("SELECT version FROM grain_state WHERE name = ? AND grain = ?")
            .With(name).With(grain.ToString());
        ETag.ThrowIfStale($"{name} of {grain}", row.Step() ? row.Number(0) : null, expected);
    }
}
