using System.Text;
using Vsmtp.Mail.Transfer;
using Vsmtp.Rules;
using Vsmtp.Vsl;

namespace Vsmtp.Cli.Explaining;

/// <summary>Finds in a rule set's files what a place refers to, as it may be shown: without the passwords of URLs.</summary>
internal sealed class SourceTexts(RuleSet rules)
{
    private const int MostChars = 100;

    private readonly Dictionary<string, string[]> _lines = rules.Files.ToDictionary(file => file.Key, file => file.Value.Split('\n'));

    /// <param name="place">As <c>main.vsl:12:9</c>.</param>
    /// <returns>The line there without the blanks around it; null when there is none.</returns>
    public string? LineAt(string? place)
    {
        if (place?.Split(':') is not [.. var file, var line, _] || !int.TryParse(line, out var number)) return null;
        return LineOf(string.Join(':', file), number) is { } text ? ForwardUrl.WithoutSecretsIn(text.Trim()) : null;
    }

    /// <summary>A stretch of source in one line, cut off when long.</summary>
    public string TextOf(SourceSpan span)
    {
        var text = new StringBuilder();
        for (var number = span.Line; number <= span.EndLine && LineOf(span.File, number) is { } line; number++)
        {
            var from = number == span.Line ? Math.Min(span.Column - 1, line.Length) : 0;
            var to = number == span.EndLine ? Math.Clamp(span.EndColumn - 1, from, line.Length) : line.Length;
            text.Append(text.Length > 0 ? " " : "").Append(line[from..to].Trim());
        }

        var shown = ForwardUrl.WithoutSecretsIn(text.ToString());
        return shown.Length > MostChars ? shown[..MostChars] + "…" : shown;
    }

    private string? LineOf(string file, int number) =>
        _lines.TryGetValue(file, out var lines) && number >= 1 && number <= lines.Length ? lines[number - 1].TrimEnd('\r') : null;
}
