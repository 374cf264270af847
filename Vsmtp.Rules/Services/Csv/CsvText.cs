using System.Buffers;
using System.Text;

namespace Vsmtp.Rules.Services.Csv;

/// <summary>Records as RFC 4180 §2 writes them, without a header line, with any delimiter; LF ends a line as CR LF does.</summary>
internal static class CsvText
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create("\"\r\n");

    /// <summary>Empty lines are no records. Blanks around a field that has no quotes are dropped.</summary>
    /// <returns>The records in their order; the last one is not <see cref="CsvRecord.IsWhole"/> when its quotes do not end.</returns>
    public static IEnumerable<CsvRecord> Read(string text, string delimiter)
    {
        // A byte order mark belongs to no record.
        var at = text is ['\uFEFF', ..] ? 1 : 0;
        while (at < text.Length)
        {
            var start = at;
            var fields = new List<string>();
            var isWhole = true;
            bool goesOn;
            do
            {
                fields.Add(ReadField(text, delimiter, ref at, ref isWhole));
                goesOn = StartsAt(text, delimiter, at);
                if (goesOn) at += delimiter.Length;
            }
            while (goesOn);
            if (at < text.Length) at += text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1;
            if (fields is not [""] || text.AsSpan(start, at - start).Contains('"')) yield return new CsvRecord([.. fields], start, at, isWhole);
        }
    }

    /// <summary>A record with its line end, to stand at the end of a file.</summary>
    public static string Write(IReadOnlyList<string> fields, string delimiter)
    {
        var line = new StringBuilder();
        foreach (var (index, field) in fields.Index())
        {
            if (index > 0) line.Append(delimiter);
            if (NeedsQuotes(field, delimiter)) line.Append('"').Append(field.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
            else line.Append(field);
        }

        return line.Append('\n').ToString();
    }

    /// <summary>So that it is read as it was, and an empty record is no empty line; a first U+FEFF would be no part of it.</summary>
    private static bool NeedsQuotes(string field, string delimiter) =>
        field.Length == 0 || field.AsSpan().ContainsAny(Quoted) || field.Contains(delimiter, StringComparison.Ordinal)
        || char.IsWhiteSpace(field[0]) || char.IsWhiteSpace(field[^1]) || field[0] == '\uFEFF';

    private static string ReadField(string text, string delimiter, ref int at, ref bool isWhole)
    {
        var start = at;
        while (at < text.Length && char.IsWhiteSpace(text[at]) && text[at] is not ('\r' or '\n') && !StartsAt(text, delimiter, at)) at++;
        if (at < text.Length && text[at] == '"') return ReadQuoted(text, delimiter, ref at, ref isWhole);
        SkipPlain(text, delimiter, ref at);
        return text[start..at].Trim();
    }

    private static string ReadQuoted(string text, string delimiter, ref int at, ref bool isWhole)
    {
        var field = new StringBuilder();
        at++;
        while (true)
        {
            var end = text.IndexOf('"', at);
            if (end < 0)
            {
                isWhole = false;
                field.Append(text, at, text.Length - at);
                at = text.Length;
                return field.ToString();
            }

            field.Append(text, at, end - at);
            at = end + 1;
            if (at >= text.Length || text[at] != '"') break;
            field.Append('"');
            at++;
        }

        // Not of RFC 4180, but read by everybody: what stands between the quotes and the delimiter.
        var rest = at;
        SkipPlain(text, delimiter, ref at);
        return field.Append(text.AsSpan(rest, at - rest).TrimEnd()).ToString();
    }

    private static void SkipPlain(string text, string delimiter, ref int at)
    {
        while (at < text.Length && text[at] is not ('\r' or '\n') && !StartsAt(text, delimiter, at)) at++;
    }

    private static bool StartsAt(string text, string delimiter, int at) =>
        at < text.Length && text[at] == delimiter[0] && string.CompareOrdinal(text, at, delimiter, 0, delimiter.Length) == 0;
}
