namespace Vsmtp.Configuration.Toml;

/// <summary>A text and its lines, to say where things are.</summary>
internal sealed class TomlSource
{
    // A longer line is no help to a reader of messages, and masking and cutting it takes time.
    private const int MaxShownLine = 4096;

    private readonly string _text;
    private readonly List<int> _lineStarts = [0];

    /// <param name="name">The file's name in messages.</param>
    public TomlSource(string name, string text)
    {
        Name = name;
        _text = text;
        for (var i = text.IndexOf('\n', StringComparison.Ordinal); i >= 0; i = text.IndexOf('\n', i + 1))
        {
            _lineStarts.Add(i + 1);
        }
    }

    public string Name { get; }

    /// <summary>The VALUE of a <c>--set KEY=VALUE</c> as it was typed; null: a file.</summary>
    public string? SetValue { get; init; }

    /// <summary>What was typed behind <c>--set KEY=</c>, if that is what begins here; null: it is not.</summary>
    public string? TypedAt(int index)
    {
        var from = SetValue is null ? -1 : _text.Length - SetValue.AsSpan().TrimStart().Length;
        return index == from ? SetValue : null;
    }

    /// <summary>From 0.</summary>
    public int LineOf(int index)
    {
        var found = _lineStarts.BinarySearch(index);
        return found >= 0 ? found : ~found - 1;
    }

    public SourcePlace PlaceAt(int index)
    {
        var line = LineOf(index);
        var start = _lineStarts[line];
        var column = _text[start..Math.Min(index, _text.Length)].EnumerateRunes().Count() + 1;
        return new(Name, SetValue is null ? line + 1 : 0, column, LineText(line));
    }

    private string? LineText(int line)
    {
        var end = line + 1 < _lineStarts.Count ? _lineStarts[line + 1] - 1 : _text.Length;
        var text = _text.AsSpan(_lineStarts[line]..end);
        if (end < _text.Length && text is [.., '\r'])
        {
            text = text[..^1];
        }

        return text.Length > MaxShownLine ? null : text.ToString();
    }
}
