using System.Collections.Immutable;
using Vsmtp.Configuration.Toml;

namespace Vsmtp.Configuration.Reading;

/// <summary>
/// Reads one table, key by key. A key that is asked for is a known key; <see cref="Close"/> reports the others. A key that is
/// absent or wrong gives its default, and what is wrong has been told.
/// </summary>
internal sealed partial class TableReader
{
    private readonly TomlTable? _table;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <param name="path">The dotted key of the table; empty: the root.</param>
    /// <param name="table">Null: it is absent, and all keys have their defaults.</param>
    public TableReader(ReadingContext context, string path, TomlTable? table)
    {
        Context = context;
        Path = path;
        _table = table;
    }

    public ReadingContext Context { get; }

    public string Path { get; }

    public bool IsGiven => _table is not null;

    /// <summary>A value of the table is wrong or missing: what the table gives is not what was meant.</summary>
    public bool HasFault { get; private set; }

    /// <summary>Names of the keys that the table has, known or not.</summary>
    public IEnumerable<string> Keys => _table?.Entries.Keys ?? [];

    /// <summary>The full name of a key, for messages.</summary>
    public string NameOf(string key) => (Path.Length == 0 ? "" : Path + ".") + Quote(key);

    /// <summary>The value of a key; null: absent.</summary>
    public TomlValue? Find(string key)
    {
        _known.Add(key);
        return _table?.Find(key)?.Value;
    }

    public TableReader Table(string key)
    {
        var value = Find(key);
        var table = value as TomlTable;
        if (value is not null && table is null)
        {
            WrongType(key, value, "a table");
        }

        return new(Context, NameOf(key), table);
    }

    /// <summary>Says of keys that they have no effect yet, if they are given.</summary>
    public void Idle(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (_table?.Find(key) is { } entry)
            {
                Context.Idle(NameOf(key), entry.KeyMark.Place);
            }
        }
    }

    /// <summary>Reports those of the keys that the table lacks, if the table is there.</summary>
    /// <param name="reason">Ends the message: why they must be there.</param>
    public bool Require(string reason, params ReadOnlySpan<string> keys)
    {
        if (_table is null)
        {
            return false;
        }

        var isWhole = true;
        foreach (var key in keys)
        {
            if (_table.Find(key) is null)
            {
                isWhole = false;
                Missing(key, reason);
            }
        }

        return isWhole;
    }

    /// <summary>Reports the keys that nobody asked for.</summary>
    public void Close()
    {
        foreach (var (key, entry) in _table?.Entries ?? ImmutableDictionary<string, TomlEntry>.Empty)
        {
            if (!_known.Contains(key))
            {
                var meant = NearestName.Find(key, _known);
                var hint = meant is not null ? $"did you mean '{meant}'?" : $"known here: {string.Join(", ", _known.Order(StringComparer.Ordinal))}";
                Context.Error(entry.KeyMark, $"unknown key '{NameOf(key)}'; {hint}");
            }
        }
    }

    /// <summary>Reports a fault of a key, at its value if it is given, else at the table.</summary>
    public void Error(string key, string message) => Report(key, message, FaultSeverity.Error);

    public void Warning(string key, string message) => Report(key, message, FaultSeverity.Warning);

    /// <summary>Where its value stands; else where the table does.</summary>
    public SourcePlace PlaceOf(string key) => (Find(key)?.Mark ?? _table?.Mark)?.Place ?? Context.WholeFile;

    private void Report(string key, string message, FaultSeverity severity)
    {
        var place = PlaceOf(key);
        if (severity == FaultSeverity.Warning)
        {
            Context.Warning(place, $"{NameOf(key)} {message}");
            return;
        }

        HasFault = true;
        Context.Error(place, $"{NameOf(key)} {message}");
    }

    private void Missing(string key, string reason)
    {
        HasFault = true;
        if (!Context.IsPartial)
        {
            Context.Error(_table!.Mark, $"{NameOf(key)} is missing: {reason}");
        }
    }

    private void WrongType(string key, TomlValue value, string expected) =>
        WrongValue(value, $"{NameOf(key)} must be {expected}, not {value.TypeName}");

    private void WrongValue(TomlValue value, string message)
    {
        HasFault = true;
        Context.Error(value.Mark, message);
    }

    private static string Quote(string key) =>
        key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? key : $"\"{key}\"";
}
