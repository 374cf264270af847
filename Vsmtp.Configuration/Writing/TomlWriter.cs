using System.Globalization;
using System.Text;

namespace Vsmtp.Configuration.Writing;

/// <summary>Writes plain values as TOML: LF at the line ends, a header for every table that has values of its own.</summary>
internal static class TomlWriter
{
    public static string Write(IReadOnlyDictionary<string, object?> root)
    {
        var text = new StringBuilder();
        WriteTable(text, "", root);
        return text.ToString();
    }

    /// <summary>Each value as TOML, by its key with all tables in front of it.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Values(IReadOnlyDictionary<string, object?> table, string path = "")
    {
        foreach (var (key, value) in table)
        {
            var name = path.Length == 0 ? Key(key) : $"{path}.{Key(key)}";
            if (value is IReadOnlyDictionary<string, object?> inner)
            {
                foreach (var found in Values(inner, name)) yield return found;
                continue;
            }

            var text = new StringBuilder();
            WriteValue(text, value);
            yield return KeyValuePair.Create(name, text.ToString());
        }
    }

    private static void WriteTable(StringBuilder text, string path, IReadOnlyDictionary<string, object?> table)
    {
        var values = table.Where(e => e.Value is not IReadOnlyDictionary<string, object?>).ToList();
        var tables = table.Where(e => e.Value is IReadOnlyDictionary<string, object?>).ToList();
        if (path.Length > 0 && (values.Count > 0 || tables.Count == 0))
        {
            text.Append(text.Length == 0 ? "" : "\n").Append('[').Append(path).Append("]\n");
        }

        foreach (var (key, value) in values)
        {
            text.Append(Key(key)).Append(" = ");
            WriteValue(text, value);
            text.Append('\n');
        }

        foreach (var (key, value) in tables)
        {
            WriteTable(text, path.Length == 0 ? Key(key) : $"{path}.{Key(key)}", (IReadOnlyDictionary<string, object?>)value!);
        }
    }

    private static void WriteValue(StringBuilder text, object? value)
    {
        switch (value)
        {
            case string s:
                WriteString(text, s);
                break;
            case bool b:
                text.Append(b ? "true" : "false");
                break;
            case long n:
                text.Append(n.ToString(CultureInfo.InvariantCulture));
                break;
            case IReadOnlyList<object?> list:
                WriteArray(text, list);
                break;
            default:
                throw new ArgumentException($"a tree has no {value?.GetType().Name ?? "null"}", nameof(value));
        }
    }

    private static void WriteArray(StringBuilder text, IReadOnlyList<object?> items)
    {
        text.Append('[');
        for (var i = 0; i < items.Count; i++)
        {
            text.Append(i == 0 ? "" : ", ");
            WriteValue(text, items[i]);
        }

        text.Append(']');
    }

    private static string Key(string key)
    {
        if (key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            return key;
        }

        var quoted = new StringBuilder();
        WriteString(quoted, key);
        return quoted.ToString();
    }

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => text.Append('\\').Append(c),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' or '\x7f' => text.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
