using System.Collections.Immutable;
using System.Text.Json;
using Orleans.Storage;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Storage.Mails;
using Vsmtp.Storage.Sqlite.Contents;

namespace Vsmtp.Storage.Sqlite.Mails;

/// <summary>One write of a mail's state as one unit: row, history, contents, wake-up and counters together.</summary>
/// <remarks>Made on the caller's thread, where the state is put into JSON; executed on the writer's.</remarks>
internal sealed class MailWrite
{
    private const string Insert = """
        INSERT INTO mail (id, version, queue, phase, quarantine, wake_at, busy_by, rule_set, sender, recipients, subject, bytes,
          since, attempts, reason, original, content, events, ended_at, state, sleeps_at, returns)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)
        """;

    private const string Update = """
        UPDATE mail SET version = ?2, queue = ?3, phase = ?4, quarantine = ?5, wake_at = ?6, sender = ?9, recipients = ?10,
          subject = ?11, bytes = ?12, since = ?13, attempts = ?14, reason = ?15, original = ?16, content = ?17, events = ?18,
          state = ?20, returns = ?22
        """;

    // Columns of indexes of their own: to set one, even to what it is, costs two changes of an index.
    private const string BusyBy = ", busy_by = ?7";
    private const string RuleSet = ", rule_set = ?8";
    private const string EndedAt = ", ended_at = ?19";
    private const string SleepsAt = ", sleeps_at = ?21";
    private const string ThisRow = " WHERE rowid = ?23";

    private static readonly ImmutableArray<string> Updates = [.. Enumerable.Range(0, 16).Select(static changed =>
        $"{Update}{((changed & 1) != 0 ? BusyBy : "")}{((changed & 2) != 0 ? RuleSet : "")}{((changed & 4) != 0 ? EndedAt : "")}"
        + $"{((changed & 8) != 0 ? SleepsAt : "")}{ThisRow}")];

    private readonly string _id;
    private readonly long? _expected;
    private readonly MailState _state;
    private readonly string _queue;
    private readonly bool _isEnded;
    private readonly ImmutableArray<ContentId> _contents;
    private readonly byte[] _json;
    private readonly byte[] _recipients;
    private readonly long _now;
    private readonly string _incarnation;

    /// <param name="id">Of the mail.</param>
    /// <param name="etag">What was read; null or empty where nothing was there.</param>
    /// <param name="state">What is to be there.</param>
    /// <param name="now">For the end of a mail.</param>
    /// <param name="incarnation">This process.</param>
    public MailWrite(string id, string? etag, MailState state, DateTimeOffset now, StoreIncarnation incarnation)
    {
        if (state.Phase is MailPhase.None) throw new InvalidOperationException($"{id} has no phase: it was never accepted.");
        _id = id;
        _expected = ETag.Version(etag);
        _state = state;
        _queue = MailQueue.NameOf(state);
        _isEnded = MailQueue.IsEnded(state.Phase);
        _contents = _isEnded ? [] : state.Contents;
        _json = StoredJson.Write(state);
        _recipients = JsonSerializer.SerializeToUtf8Bytes(
            state.Envelope.Recipients.Select(static to => to.Address), StoredJson.Known.IEnumerableString);
        _now = Timestamp.Floor(now);
        _incarnation = incarnation.Name;
    }

    /// <returns>The new version and how many staged bytes the mail has taken over.</returns>
    /// <exception cref="InconsistentStateException">The stored version is another.</exception>
    /// <exception cref="ContentMissingException">The state names bytes that the store has not.</exception>
    public (long Version, long TakenBytes) Execute(SqliteSession writer)
    {
        var before = MailRow.Find(writer, _id);
        ETag.ThrowIfStale(_id, before?.Version, _expected);
        if (before is not null && !_isEnded && before.IsEnded)
        {
            throw new InvalidOperationException($"{_id} has ended as {before.Queue} and does not come back as {_queue}.");
        }

        var taken = TakeContents(writer, before);
        var version = (before?.Version ?? 0) + 1;
        WriteRow(writer, before, version);
        WriteEvents(writer, before?.Events ?? 0);
        Counters.Move(writer, _incarnation, before?.Queue, _queue);
        return (version, taken);
    }

    /// <summary>Makes the contents that the state names this mail's own, and deletes those that it names no longer.</summary>
    private long TakeContents(SqliteSession writer, MailRow? before)
    {
        var taken = 0L;
        foreach (var content in _contents)
        {
            if (before?.Contents.Contains(content.Key) is not true) taken += Take(writer, content);
        }

        foreach (var key in before?.Contents ?? [])
        {
            if (!_contents.Any(content => content.Key == key)) ContentRows.Delete(writer, key);
        }

        return taken;
    }

    private long Take(SqliteSession writer, ContentId content)
    {
        var inline = _state.NewContents.FirstOrDefault(staged => staged.Id.Key == content.Key)?.Inline ?? default;
        if (inline.IsDefault) return ContentRows.Take(writer, content, _id);
        ContentRows.InsertInline(writer, content, inline, _id, _now, _incarnation);
        return 0;
    }

    private void WriteRow(SqliteSession writer, MailRow? before, long version)
    {
        var busyBy = _state.IsBusy && !_isEnded ? _incarnation : null;
        var sleepsAt = SleepingPlace.Of(_state);
        var row = writer.Use(before is null ? Insert : UpdateOf(before, busyBy, sleepsAt))
            .With(_id)
            .With(version)
            .With(_queue)
            .With(_state.Phase.ToString())
            .With(_state.Quarantine)
            .With(_isEnded || _state.WakeAt is not { } wakeAt ? null : Timestamp.Ceiling(wakeAt))
            .With(busyBy)
            .With(_state.RuleSet)
            .With(_state.Envelope.Sender)
            .WithUtf8(_recipients)
            .With(_state.Subject)
            .With(_state.Content?.Length ?? before?.Bytes ?? 0)
            .With(Timestamp.Floor(_state.Since))
            .With(_state.PresentAttempts)
            .With(_state.Reason ?? "")
            .With(_isEnded ? null : _state.Original?.Key)
            .With(_isEnded ? null : _state.Content?.Key)
            .With((before?.Events ?? 0) + _state.NewEvents.Length)
            .With(_isEnded ? _now : null)
            .WithUtf8(_json)
            .With(sleepsAt)
            .With(MailRow.Join(_isEnded ? [] : _state.Returns));
        if (before is not null) row.With(before.Number);
        row.Run();
    }

    private string UpdateOf(MailRow before, string? busyBy, string? sleepsAt)
    {
        var key = (busyBy != before.BusyBy ? 1 : 0) | (_state.RuleSet != before.RuleSet ? 2 : 0)
            | (_isEnded && !before.IsEnded ? 4 : 0) | (sleepsAt != before.SleepsAt ? 8 : 0);
        return Updates[key];
    }

    private void WriteEvents(SqliteSession writer, long number)
    {
        foreach (var happened in _state.NewEvents)
        {
            writer.Use("INSERT INTO event (mail_id, number, at, node, what, why, directive, source) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
                .With(_id).With(number++).With(Timestamp.Floor(happened.At)).With(happened.Node)
                .With(happened.What).With(happened.Why).With(happened.Directive).With(happened.Source)
                .Run();
        }
    }
}
