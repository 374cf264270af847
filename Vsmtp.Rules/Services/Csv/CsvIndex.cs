using System.Collections.Concurrent;
using Vsmtp.Rules.Services.Files;

namespace Vsmtp.Rules.Services.Csv;

/// <summary>The first record of each key, as the file was at one time; grows by what this process appends.</summary>
/// <param name="stamp">The file's, when it was read or written last.</param>
/// <param name="isSettled">False: the file had changed so shortly before that a later change could leave the same stamp.</param>
internal sealed class CsvIndex(ConcurrentDictionary<string, string[]> records, FileStamp stamp, bool isSettled)
{
    public FileStamp Stamp => stamp;

    public bool IsSettled => isSettled;

    public static CsvIndex Of(IEnumerable<CsvRecord> records, FileStamp stamp, bool isSettled)
    {
        var first = new ConcurrentDictionary<string, string[]>();
        foreach (var record in records) first.TryAdd(record.Fields[0], record.Fields);
        return new CsvIndex(first, stamp, isSettled);
    }

    /// <summary>Null: no record has that first field.</summary>
    public string[]? Find(string key) => records.GetValueOrDefault(key);

    /// <summary>With a record more; runs that still read the old index may see it, too.</summary>
    public CsvIndex With(string[] fields, FileStamp next)
    {
        records.TryAdd(fields[0], fields);
        return new CsvIndex(records, next, isSettled: true);
    }
}
