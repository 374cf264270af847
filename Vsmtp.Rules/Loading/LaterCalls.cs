using Vsmtp.Rules.Functions;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Loading;

/// <summary>Finds calls of functions that are built later, so that nobody learns of them from a refused mail.</summary>
internal static class LaterCalls
{
    private const string NativeModule = "sys";

    public static IEnumerable<Diagnostic> Find(IEnumerable<ScriptFile> files) => files.SelectMany(Find);

    private static IEnumerable<Diagnostic> Find(ScriptFile file)
    {
        if (!LaterFunctions.MayBeIn(file.Text)) yield break;
        var words = ScriptWords.Of(file);
        var own = words.Zip(words.Skip(1)).Where(pair => pair.First.Text == "fn").Select(pair => pair.Second.Text).ToHashSet();
        for (var i = 0; i + 1 < words.Count; i++)
        {
            if (words[i].Kind is not ScriptWordKind.Name || words[i + 1].Text != "(") continue;
            var module = ModuleBefore(words, i);
            if (module is null && own.Contains(words[i].Text)) continue;
            var name = module is null or NativeModule ? words[i].Text : $"{module}::{words[i].Text}";
            if (LaterFunctions.PartOf(name) is { } part)
            {
                yield return Diagnostic.Warning(DiagnosticCodes.BuiltLater, $"{LaterFunctions.Explain(name, part)}: calling it is an error", words[i].Span);
            }
        }
    }

    /// <summary>Null: the name has none in front of it.</summary>
    private static string? ModuleBefore(IReadOnlyList<ScriptWord> words, int at) =>
        at >= 3 && words[at - 1].Text == ":" && words[at - 2].Text == ":" ? words[at - 3].Text : null;
}
