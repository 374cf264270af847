using System.Collections.Immutable;

namespace Vsmtp.Configuration.Toml;

/// <summary>The faults of one document, at most <see cref="Max"/>.</summary>
internal sealed class TomlFaultList
{
    public const int Max = 100;

    private readonly List<(TomlMark Mark, string Message)> _faults = [];

    /// <summary>There are so many that reading on is no use.</summary>
    public bool IsFull => _faults.Count >= Max;

    public int Count => _faults.Count;

    public void Add(TomlMark mark, string message)
    {
        if (_faults.Count < Max)
        {
            _faults.Add((mark, message));
        }
        else if (_faults.Count == Max)
        {
            _faults.Add((mark, "too many faults: reading stops here"));
        }
    }

    public bool HasAnyOnLine(TomlMark mark) =>
        _faults.Exists(f => f.Mark.Source.LineOf(f.Mark.Index) == mark.Source.LineOf(mark.Index));

    public ImmutableArray<ConfigurationFault> ToFaults() =>
        [.. _faults.OrderBy(f => f.Mark.Index).Select(f => ConfigurationFault.Error(f.Message, f.Mark.Place))];
}
