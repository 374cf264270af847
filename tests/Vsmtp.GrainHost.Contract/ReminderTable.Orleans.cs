using System.Collections.Concurrent;

namespace Vsmtp.GrainHost.Contract;

/// <summary>Keeps the reminders of a silo for as long as this object lives, which is longer than the silo.</summary>
internal sealed class ReminderTable : IReminderTable
{
    private readonly ConcurrentDictionary<(GrainId Grain, string Name), ReminderEntry> _entries = new();
    private int _lastETag;

    public Task<ReminderTableData> ReadRows(GrainId grainId) => Found(entry => entry.GrainId == grainId);

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => Found(entry => IsBetween(entry.GrainId.GetUniformHashCode(), begin, end));

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        Task.FromResult(_entries.GetValueOrDefault((grainId, reminderName)));

    public Task<string?> UpsertRow(ReminderEntry entry)
    {
        var etag = Interlocked.Increment(ref _lastETag).ToString();
        _entries[(entry.GrainId, entry.ReminderName)] = new ReminderEntry
        {
            GrainId = entry.GrainId,
            ReminderName = entry.ReminderName,
            StartAt = entry.StartAt,
            Period = entry.Period,
            ETag = etag,
        };
        return Task.FromResult<string?>(etag);
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => Task.FromResult(
        _entries.TryGetValue((grainId, reminderName), out var found) && found.ETag == eTag && _entries.TryRemove((grainId, reminderName), out _));

    public Task TestOnlyClearTable()
    {
        _entries.Clear();
        return Task.CompletedTask;
    }

    private Task<ReminderTableData> Found(Func<ReminderEntry, bool> wanted) =>
        Task.FromResult(new ReminderTableData(_entries.Values.Where(wanted)));

    /// <summary>After the beginning up to and with the end, on a ring; the whole ring where they are the same.</summary>
    private static bool IsBetween(uint hash, uint begin, uint end) =>
        begin < end ? begin < hash && hash <= end : begin < hash || hash <= end;
}
