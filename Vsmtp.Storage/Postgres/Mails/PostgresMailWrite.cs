using System.Text.Json;
using Npgsql;
using Orleans.Storage;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Storage.Mails;
using Vsmtp.Storage.Postgres.Writing;

namespace Vsmtp.Storage.Postgres.Mails;

/// <summary>One write of a mail's state as one unit: row, history, contents, wake-up and counters together (<c>write_mail</c>).</summary>
internal sealed class PostgresMailWrite
{
    private const string Call = """
        SELECT write_mail($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
          $25, $26, $27, $28, $29, $30, $31)
        """;

    private readonly string _id;
    private readonly long? _expected;
    private readonly MailState _state;
    private readonly bool _isEnded;
    private readonly byte[] _json;
    private readonly byte[] _recipients;
    private readonly StagedContent[] _contents;

    /// <param name="id">Of the mail.</param>
    /// <param name="etag">What was read; null or empty where nothing was there.</param>
    /// <param name="state">What is to be there.</param>
    /// <exception cref="InvalidOperationException">It has no phase, or bytes that are not as many as they say.</exception>
    public PostgresMailWrite(string id, string? etag, MailState state)
    {
        if (state.Phase is MailPhase.None) throw new InvalidOperationException($"{id} has no phase: it was never accepted.");
        _id = id;
        _expected = ETag.Version(etag);
        _state = state;
        _isEnded = MailQueue.IsEnded(state.Phase);
        _json = StoredJson.Write(state);
        _recipients = JsonSerializer.SerializeToUtf8Bytes(
            state.Envelope.Recipients.Select(static to => to.Address), StoredJson.Known.IEnumerableString);
        _contents = _isEnded ? [] : [.. Named()];
    }

    /// <returns>The new version and how many staged bytes the mail has taken over.</returns>
    /// <exception cref="InconsistentStateException">The stored version is another.</exception>
    /// <exception cref="ContentMissingException">The state names bytes that the store has not.</exception>
    /// <exception cref="InvalidOperationException">The mail has ended, and the state has not.</exception>
    public Task<(long Version, long TakenBytes)> RunAsync(PostgresCore store, CancellationToken cancellationToken = default)
    {
        // The wake-up was made up by this process's time of now; by the time it is written that may have jumped. It is later by the wait for
        // the commit, and never sooner.
        var now = store.Time.GetUtcNow();
        return store.Writes.RunAsync(
            Call,
            to => Bind(to, store.Incarnation.Name, now),
            row => ((_expected ?? 0) + 1, row.GetInt64(0)),
            new PostgresFaults(_id, _expected, [.. _contents.Select(static content => content.Id)]),
            cancellationToken);
    }

    /// <summary>What the state names, with the bytes of those that came with it.</summary>
    private IEnumerable<StagedContent> Named()
    {
        foreach (var id in _state.Contents)
        {
            var inline = _state.NewContents.FirstOrDefault(staged => staged.Id.Key == id.Key)?.Inline ?? default;
            if (!inline.IsDefault && inline.Length != id.Length)
            {
                throw new InvalidOperationException($"Content {id} has {inline.Length} octets and says {id.Length}.");
            }

            yield return new StagedContent(id, inline);
        }
    }

    private void Bind(NpgsqlParameterCollection to, string incarnation, DateTimeOffset now)
    {
        to.Text(_id).Number(_expected).Text(incarnation)
            .Text(MailQueue.NameOf(_state)).Text(_state.Phase.ToString()).Text(_state.Quarantine)
            // How long from now, since the wake-up is by the database's clock, and this process may have another.
            .Number(_isEnded || _state.WakeAt is not { } wakeAt ? null : Timestamp.Ceiling(wakeAt) - Timestamp.Floor(now))
            .Flag(_state.IsBusy && !_isEnded)
            .Text(_state.RuleSet).Text(_state.Envelope.Sender).Utf8(_recipients).Text(_state.Subject)
            .Number(_state.Content?.Length)
            .Number(Timestamp.Floor(_state.Since))
            .Number(_state.PresentAttempts)
            .Text(_state.Reason ?? "")
            .Flag(_isEnded)
            .Utf8(_json)
            .Text(_isEnded ? null : _state.Original?.Key)
            .Text(_isEnded ? null : _state.Content?.Key);
        to.Texts(_contents.Select(static content => content.Id.Key))
            .Numbers(_contents.Select(static content => content.Id.Length))
            .Texts(_contents.Select(static content => content.Id.Sha256))
            .Blobs(_contents.Select(static content => content.Inline.IsDefault ? null : content.Inline.ToArray()));
        var events = _state.NewEvents;
        to.Numbers(events.Select(static one => Timestamp.Floor(one.At)))
            .Texts(events.Select(static one => one.Node))
            .Texts(events.Select(static one => one.What))
            .Texts(events.Select(static one => one.Why))
            .Texts(events.Select(static one => one.Directive))
            .Texts(events.Select(static one => one.Source));
        to.Text(SleepingPlace.Of(_state));
    }
}
