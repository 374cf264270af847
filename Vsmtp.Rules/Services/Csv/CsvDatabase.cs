using System.Diagnostics.CodeAnalysis;
using System.Text;
using Vsmtp.Rules.Services.Files;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Services.Csv;

/// <summary>What rules do with a <c>db:csv</c> service: look up, add, remove. Look-ups run beside each other, changes one at a time.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore that nobody waits for with a handle holds nothing of the system.")]
internal sealed class CsvDatabase(string name, CsvOptions options) : ServiceEngine
{
    /// <summary>Characters of a record, as it is written.</summary>
    private const int MaxRecordChars = 64 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(5);

    /// <summary>Grain of the file system's clock, with some room.</summary>
    private static readonly TimeSpan ClockGrain = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _reading = new(1);
    private readonly SemaphoreSlim _writing = new(1);
    private CsvIndex? _index;

    /// <summary>The fields of the first record whose first field is the key; an empty array for none.</summary>
    public async ValueTask<Completion> FindAsync(HostCall call, string key)
    {
        if (options.Access is CsvAccess.WriteOnly) return Completion.Error($"service `{name}` is opened for writing only");
        if (Fresh() is { } index) return Answer(call, index.Find(key));
        return await GuardAsync(call, _reading, () => Answer(call, (Fresh() ?? Load(call)).Find(key))).ConfigureAwait(false);
    }

    /// <summary>Adds a record, which is on the disk when this ends.</summary>
    public async ValueTask<Completion> AddAsync(HostCall call, string[] fields)
    {
        if (options.Access is CsvAccess.ReadOnly) return Completion.Error($"service `{name}` is opened for reading only");
        if (fields.Length == 0) return Completion.Error($"service `{name}`: a record has at least one field");
        var line = CsvText.Write(fields, options.Delimiter);
        if (line.Length > MaxRecordChars) return Completion.Error($"service `{name}`: a record has at most {MaxRecordChars} characters");
        return await GuardAsync(call, _writing, () =>
        {
            var known = Volatile.Read(ref _index);
            var (before, after) = CsvFile.Append(options.Path, line);
            // Known to the last byte, and changed by us alone since: no need to read it again. Else the stamp tells.
            if (known is not null && known.Stamp == before && known.IsSettled) Interlocked.CompareExchange(ref _index, known.With(fields, after), known);
            else if (!options.Refreshes) Volatile.Write(ref _index, null);
            return Completion.Unit;
        }).ConfigureAwait(false);
    }

    /// <summary>Removes all records whose first field is the key; gives how many there were.</summary>
    public async ValueTask<Completion> RemoveAsync(HostCall call, string key)
    {
        if (options.Access is not CsvAccess.ReadWrite) return Completion.Error($"service `{name}`: to remove records it must be opened with O_RDWR");
        return await GuardAsync(call, _writing, () =>
        {
            var removed = 0L;
            CsvFile.Rewrite(options.Path, bytes => Without(key, bytes, out removed));
            if (removed > 0) Volatile.Write(ref _index, null);
            return removed;
        }).ConfigureAwait(false);
    }

    /// <summary>What is known of the file, if the file is still that; null: it is to be read.</summary>
    private CsvIndex? Fresh()
    {
        var index = Volatile.Read(ref _index);
        if (index is null || !options.Refreshes) return index;
        return index.IsSettled && FileStamp.Of(options.Path) == index.Stamp ? index : null;
    }

    private CsvIndex Load(HostCall call)
    {
        var now = DateTimeOffset.UtcNow;
        var (bytes, stamp) = CsvFile.Read(options.Path);
        var isSettled = now - DateTimeOffset.UnixEpoch.AddTicks(stamp.Changed / TimeSpan.NanosecondsPerTick) > ClockGrain;
        call.Cancellation.ThrowIfCancellationRequested();
        var index = CsvIndex.Of(CsvText.Read(Encoding.UTF8.GetString(bytes), options.Delimiter), stamp, isSettled);
        Volatile.Write(ref _index, index);
        return index;
    }

    private byte[]? Without(string key, byte[] bytes, out long removed)
    {
        removed = 0;
        // Bytes that are no text would be lost in what is written back.
        var text = Strict.GetString(bytes);
        var kept = new StringBuilder(text.Length);
        var from = 0;
        foreach (var record in CsvText.Read(text, options.Delimiter))
        {
            if (!record.IsWhole) throw new InvalidDataException("the quotes of its last record do not end: nothing is removed");
            if (record.Fields[0] != key) continue;
            kept.Append(text, from, record.Start - from);
            from = record.End;
            removed++;
        }

        return removed == 0 ? null : Strict.GetBytes(kept.Append(text, from, text.Length - from).ToString());
    }

    private static Completion Answer(HostCall call, string[]? fields)
    {
        if (fields is null) return Value.From(new VslArray([]));
        return call.TryCharge(fields.Sum(field => (long)field.Length * sizeof(char)))
            ? Value.From(new VslArray(fields.Select(Value.From)))
            : call.SpentBudget;
    }

    /// <summary>Works on the file, off the run's thread, as soon as nobody else in or outside of this process does.</summary>
    private async ValueTask<Completion> GuardAsync(HostCall call, SemaphoreSlim gate, Func<Completion> work)
    {
        var patience = call.TimeLeft < LockPatience ? call.TimeLeft : LockPatience;
        using var timeout = new CancellationTokenSource(patience, call.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, call.Cancellation);
        var isMine = false;
        try
        {
            await gate.WaitAsync(linked.Token).ConfigureAwait(false);
            isMine = true;
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            while (true)
            {
                try
                {
                    return work();
                }
                catch (IOException e) when (CsvFile.IsLocked(e))
                {
                    await Task.Delay(LockPause, call.Time, linked.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (!call.Cancellation.IsCancellationRequested)
        {
            return Completion.Error($"service `{name}`: `{options.Path}` is locked by somebody else");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or DecoderFallbackException)
        {
            return Completion.Error($"service `{name}`: {e.Message}");
        }
        finally
        {
            if (isMine) gate.Release();
        }
    }
}
