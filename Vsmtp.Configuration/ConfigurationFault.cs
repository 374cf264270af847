using System.Text;

namespace Vsmtp.Configuration;

/// <summary>What is wrong with the configuration, and where.</summary>
/// <param name="Severity">Whether the server can start.</param>
/// <param name="Message">One sentence that names the key; no control characters, never a secret.</param>
/// <param name="File">As the caller named it; null: the built-in defaults.</param>
/// <param name="Line">From 1; 0: no line.</param>
/// <param name="Column">In Unicode scalars, from 1; 0: no column.</param>
/// <param name="SourceLine">The line without its end, passwords masked; null: none.</param>
public sealed record ConfigurationFault(
    FaultSeverity Severity, string Message, string? File, int Line, int Column, string? SourceLine)
{
    // A line longer than this is cut around the caret: a terminal is no place for more.
    private const int MaxShownColumns = 160;

    public static ConfigurationFault Error(string message, SourcePlace place) => At(FaultSeverity.Error, message, place);

    public static ConfigurationFault Warning(string message, SourcePlace place) => At(FaultSeverity.Warning, message, place);

    /// <summary>As compilers say it: <c>file:line:col: severity: text</c>, then the source line and a caret under the column.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(File ?? "(defaults)");
        if (Line > 0)
        {
            text.Append(':').Append(Line).Append(':').Append(Column);
        }

        text.Append(": ").Append(Severity == FaultSeverity.Error ? "error" : "warning").Append(": ").Append(Message);
        if (SourceLine is not null && Column > 0)
        {
            AppendSource(text, SourceLine);
        }

        return text.ToString();
    }

    private static ConfigurationFault At(FaultSeverity severity, string message, SourcePlace place)
    {
        var (line, column) = SecretMask.Apply(place.SourceLine, place.Column);
        return new(severity, WithoutControls(message), place.File, place.Line, column, line);
    }

    // What the file holds must not steer the terminal that the message is read on.
    private static string WithoutControls(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c));

    private void AppendSource(StringBuilder text, string sourceLine)
    {
        var runes = sourceLine.EnumerateRunes().Select(r => Rune.IsControl(r) && r.Value != '\t' ? new Rune('\uFFFD') : r).ToArray();
        var from = Math.Max(0, Column - 1 - (MaxShownColumns / 2));
        var before = runes[from..Math.Min(Column - 1, runes.Length)];
        var shown = runes.Skip(from).Take(MaxShownColumns);
        text.Append('\n').AppendJoin("", shown).Append('\n');
        text.AppendJoin("", before.Select(r => r.Value == '\t' ? '\t' : ' ')).Append('^');
    }
}
