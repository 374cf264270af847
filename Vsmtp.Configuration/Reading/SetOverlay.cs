using Vsmtp.Configuration.Toml;

namespace Vsmtp.Configuration.Reading;

/// <summary>Puts the <c>--set KEY=VALUE</c> of the command line over a document.</summary>
internal static class SetOverlay
{
    private const string Name = "--set";

    public static void Apply(TomlTable root, IReadOnlyList<KeyValuePair<string, string>> sets, ReadingContext context)
    {
        foreach (var (key, value) in sets)
        {
            var source = new TomlSource(Name, $"{key}={value}") { SetValue = value };
            if (ReadKey(source, key) is not { } parts)
            {
                context.Error(new TomlMark(source, 0), $"'{key}' is no key; it is dotted as in TOML: server.domain");
                continue;
            }

            Put(root, parts, ReadValue(source, key, value, parts.Count), context);
        }
    }

    private static List<KeyValuePair<string, TomlMark>>? ReadKey(TomlSource source, string key)
    {
        var document = TomlReader.Read(source, key + "=0");
        return document.Faults.IsEmpty && FollowSingle(document.Root) is { } path ? path.Parts : null;
    }

    // What is no TOML value is a text: --set server.delivery.relayhost=127.0.0.1:2526.
    private static TomlValue ReadValue(TomlSource source, string key, string value, int parts)
    {
        var document = TomlReader.Read(source, $"{key}={value}");
        return document.Faults.IsEmpty && FollowSingle(document.Root) is { } path && path.Parts.Count == parts
            ? path.Value
            : new TomlString(new(source, key.Length + 1), value);
    }

    // A document that is one dotted key and its value, and nothing else.
    private static (List<KeyValuePair<string, TomlMark>> Parts, TomlValue Value)? FollowSingle(TomlTable root)
    {
        var parts = new List<KeyValuePair<string, TomlMark>>();
        TomlValue value = root;
        while (value is TomlTable { Entries: { Count: 1 } entries } table && (table == root || table.Origin == TomlTableOrigin.Dotted))
        {
            var (name, entry) = entries.First();
            parts.Add(new(name, entry.KeyMark));
            value = entry.Value;
        }

        var isWhole = parts.Count > 0 && value is not (TomlTable { Origin: not TomlTableOrigin.Inline } or TomlArray { IsOfTables: true });
        return isWhole ? (parts, value) : null;
    }

    private static void Put(TomlTable root, List<KeyValuePair<string, TomlMark>> parts, TomlValue value, ReadingContext context)
    {
        var table = root;
        foreach (var (name, mark) in parts[..^1])
        {
            switch (table.Find(name)?.Value)
            {
                case TomlTable inner:
                    table = inner;
                    break;
                case null:
                    var made = new TomlTable(mark, TomlTableOrigin.Dotted);
                    table.Set(name, mark, made);
                    table = made;
                    break;
                case var other:
                    context.Error(mark, $"'{name}' is {other.TypeName} in the file, not a table");
                    return;
            }
        }

        table.Set(parts[^1].Key, parts[^1].Value, value);
    }
}
