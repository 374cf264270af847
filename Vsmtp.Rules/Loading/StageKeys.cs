using Vsmtp.Vsl;

namespace Vsmtp.Rules.Loading;

/// <summary>Where the keys of the main map stand.</summary>
internal sealed class StageKeys
{
    private readonly Dictionary<string, SourceSpan> _keys = [];

    public StageKeys(ScriptFile main)
    {
        var words = ScriptWords.Of(main);
        Result = words.Count > 0 ? words.LastOrDefault(w => w.Depth == 0 || IsOpening(w), words[^1]).Span : Start(main);
        var first = words.Index().LastOrDefault(w => w.Item.Depth == 1 && w.Item.Text == "{" && Before(words, w.Index) == "#");
        if (first.Item.Text is null) return;
        Result = first.Item.Span;
        foreach (var (index, word) in words.Index().Skip(first.Index))
        {
            if (word.Depth != 1 || word.Kind is ScriptWordKind.Mark) continue;
            if (index + 1 < words.Count && words[index + 1].Text == ":") _keys[word.Text] = word.Span;
        }
    }

    /// <summary>Where the map begins, or, without one, the last statement more or less.</summary>
    public SourceSpan Result { get; }

    public SourceSpan this[string key] => _keys.TryGetValue(key, out var span) ? span : Result;

    private static bool IsOpening(ScriptWord word) => word.Depth == 1 && word.Text is "(" or "[" or "{";

    private static string Before(IReadOnlyList<ScriptWord> words, int index) => index > 0 ? words[index - 1].Text : "";

    private static SourceSpan Start(ScriptFile file) => new(file.Path, 1, 1, 1, 1);
}
