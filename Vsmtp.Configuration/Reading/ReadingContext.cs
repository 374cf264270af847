using System.Collections.Immutable;
using Vsmtp.Configuration.Toml;

namespace Vsmtp.Configuration.Reading;

/// <summary>What one reading of a configuration gathers.</summary>
/// <param name="file">As the caller named it; null: the built-in defaults.</param>
/// <param name="baseFolder">Absolute; where relative paths start.</param>
/// <param name="isPartial">The document has faults of syntax: what seems to be missing may be there.</param>
internal sealed class ReadingContext(string? file, string baseFolder, bool isPartial)
{
    private readonly List<ConfigurationFault> _faults = [];
    private readonly List<IdleKey> _idleKeys = [];

    public bool IsPartial => isPartial;

    /// <summary>For what is nowhere in the file.</summary>
    public SourcePlace WholeFile { get; } = new(file, 0, 0, null);

    public void Error(TomlMark mark, string message) => _faults.Add(ConfigurationFault.Error(message, mark.Place));

    public void Error(SourcePlace place, string message) => _faults.Add(ConfigurationFault.Error(message, place));

    public void Warning(TomlMark mark, string message) => _faults.Add(ConfigurationFault.Warning(message, mark.Place));

    public void Warning(SourcePlace place, string message) => _faults.Add(ConfigurationFault.Warning(message, place));

    public void Idle(string key, SourcePlace place) => _idleKeys.Add(new(key, place));

    public IReadOnlyList<ConfigurationFault> Faults => _faults;

    public IReadOnlyList<IdleKey> IdleKeys =>
        [.. _idleKeys.OrderBy(k => k.Place.Line == 0).ThenBy(k => k.Place.Line).ThenBy(k => k.Place.Line == 0 ? 0 : k.Place.Column)];

    /// <summary>Makes a path of the file absolute.</summary>
    /// <returns>Null: it is no path.</returns>
    public string? Resolve(string path) =>
        path.Length == 0 || path.Contains('\0', StringComparison.Ordinal) ? null : Path.GetFullPath(path, baseFolder);

    public ImmutableArray<ConfigurationFault> InOrder(IEnumerable<ConfigurationFault> earlier) =>
        [.. earlier.Concat(_faults).OrderBy(f => f.Line == 0).ThenBy(f => f.Line).ThenBy(f => f.Line == 0 ? 0 : f.Column)];
}
