using System.Globalization;
using System.Text;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace Vsmtp.Cli.Logging;

/// <summary>
/// Each event as one line that no terminal obeys, and each line of an exception behind it as one that begins with a blank: what strangers said
/// is part of many, and must forge no line.
/// </summary>
/// <param name="head">What stands before the message, as an output template of Serilog's.</param>
internal sealed class PlainLines(string head) : ITextFormatter
{
    private readonly MessageTemplateTextFormatter _head = new(head, CultureInfo.InvariantCulture);
    private readonly MessageTemplateTextFormatter _message = new("{Message:lj}", CultureInfo.InvariantCulture);

    public void Format(LogEvent logEvent, TextWriter output)
    {
        _head.Format(logEvent, output);
        var message = new StringWriter(CultureInfo.InvariantCulture);
        _message.Format(logEvent, message);
        output.WriteLine(Plain(message.ToString()));
        if (logEvent.Exception is not { } fault) return;
        foreach (var line in fault.ToString().Split('\n')) output.WriteLine(" " + Plain(line.TrimEnd('\r')));
    }

    /// <summary>Line ends as <c>\n</c>; all else that steers and shows nothing as <c>\u{1B}</c>.</summary>
    internal static string Plain(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return text;
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.ReplaceLineEndings("\\n").EnumerateRunes())
        {
            if (Steers(rune)) plain.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
            else plain.Append(rune);
        }

        return plain.ToString();
    }

    /// <summary>It shows nothing itself, and may change how the rest is shown.</summary>
    internal static bool Steers(Rune rune) => rune.Value != '\t' && Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
