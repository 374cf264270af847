using System.Collections.Frozen;
using Vsmtp.Rules.Functions;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Loading;

/// <summary>Finds calls of functions that are built later, so that nobody learns of them from a refused mail.</summary>
internal static class LaterCalls
{
    private static readonly FrozenSet<string> Names = LaterFunctions.Names.ToFrozenSet();

    public static IEnumerable<Diagnostic> Find(IEnumerable<ScriptFile> files) => files.SelectMany(Find);

    private static IEnumerable<Diagnostic> Find(ScriptFile file)
    {
        var words = ScriptWords.Of(file);
        var own = words.Zip(words.Skip(1)).Where(pair => pair.First.Text == "fn").Select(pair => pair.Second.Text).ToHashSet();
        return words.Zip(words.Skip(1))
            .Where(pair => pair.First.Kind is ScriptWordKind.Name && pair.Second.Text == "(")
            .Select(pair => pair.First)
            .Where(name => Names.Contains(name.Text) && !own.Contains(name.Text))
            .Select(name => Diagnostic.Warning(DiagnosticCodes.BuiltLater, $"{LaterFunctions.Explain(name.Text)}: calling it is an error", name.Span));
    }
}
