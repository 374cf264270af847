using System.Text.Json;
using Npgsql;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Vsmtp.Contracts.Mail;
using Vsmtp.Storage.Mails;
using Vsmtp.Storage.Postgres.Writing;

namespace Vsmtp.Storage.Postgres.Mails;

/// <summary>Grain states in the mail store: a mail's in the mail's own row, with all that belongs to it; any other as JSON.</summary>
internal sealed class PostgresGrainStorage(PostgresCore store) : IGrainStorage
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
        var found = await store.Reads.FindAsync(
            "SELECT version, state FROM mail WHERE id = $1",
            to => to.Text(id),
            static row => ((long, MailState)?)(row.GetInt64(0), StoredJson.Read(row.GetFieldValue<byte[]>(1))),
            CancellationToken.None).ConfigureAwait(false);
        (mail.ETag, mail.State) = found is var (version, state) ? (ETag.Of(version), state) : (null, new MailState());
        mail.RecordExists = found is not null;
    }

    private async Task WriteMailAsync(string id, IGrainState<MailState> mail)
    {
        var state = mail.State ?? throw new ArgumentException("There is no state to write.", nameof(mail));
        var (version, takenBytes) = await new PostgresMailWrite(id, mail.ETag, state).RunAsync(store).ConfigureAwait(false);
        store.Staged.Settle(takenBytes);
        store.Recent.Committed(id, state);
        mail.State = state with { NewEvents = [], NewContents = [] };
        mail.ETag = ETag.Of(version);
        mail.RecordExists = true;
    }

    private async Task ClearMailAsync(string id, IGrainState<MailState> mail)
    {
        var expected = ETag.Version(mail.ETag);
        await store.Writes.RunAsync(
            "SELECT clear_mail($1, $2)",
            to => to.Text(id).Number(expected),
            static _ => true,
            new PostgresFaults(id, expected, [])).ConfigureAwait(false);
        (mail.ETag, mail.State, mail.RecordExists) = (null, new MailState(), false);
    }

    private async Task ReadOtherAsync<T>(string name, GrainId grain, IGrainState<T> other)
    {
        var found = await store.Reads.FindAsync(
            "SELECT version, state FROM grain_state WHERE name = $1 AND grain = $2",
            to => to.Text(name).Text(grain.ToString()),
            static row => ((long, T)?)(row.GetInt64(0), JsonSerializer.Deserialize<T>(row.GetFieldValue<byte[]>(1), StoredJson.Any)!),
            CancellationToken.None).ConfigureAwait(false);
        (other.ETag, other.State) = found is var (version, state) ? (ETag.Of(version), state) : (null, Activator.CreateInstance<T>());
        other.RecordExists = found is not null;
    }

    private async Task WriteOtherAsync<T>(string name, GrainId grain, IGrainState<T> other)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(other.State, StoredJson.Any);
        other.ETag = ETag.Of(await RunOtherAsync(name, grain, other.ETag, json, static row => row.GetInt64(0)).ConfigureAwait(false));
        other.RecordExists = true;
    }

    private async Task ClearOtherAsync<T>(string name, GrainId grain, IGrainState<T> other)
    {
        await RunOtherAsync(name, grain, other.ETag, json: null, static _ => true).ConfigureAwait(false);
        (other.ETag, other.State, other.RecordExists) = (null, Activator.CreateInstance<T>(), false);
    }

    private Task<TResult> RunOtherAsync<TResult>(
        string name, GrainId grain, string? etag, byte[]? json, Func<NpgsqlDataReader, TResult> read)
    {
        var expected = ETag.Version(etag);
        return store.Writes.RunAsync(
            "SELECT write_grain_state($1, $2, $3, $4)",
            to => to.Text(name).Text(grain.ToString()).Number(expected).Utf8(json),
            read,
            new PostgresFaults($"{name} of {grain}", expected, []));
    }
}
