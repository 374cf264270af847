namespace Vsmtp.Configuration.Toml;

/// <summary>Keys in the order of the document.</summary>
internal sealed class TomlTable(TomlMark mark, TomlTableOrigin origin) : TomlValue(mark)
{
    private readonly OrderedDictionary<string, TomlEntry> _entries = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, TomlEntry> Entries => _entries;

    public TomlTableOrigin Origin { get; set; } = origin;

    public override string TypeName => "a table";

    public TomlEntry? Find(string key) => _entries.GetValueOrDefault(key);

    public void Set(string key, TomlMark keyMark, TomlValue value) => _entries[key] = new(keyMark, value);
}
