using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vsmtp.Configuration.Toml;

namespace Vsmtp.Configuration.Tests.Toml;

/// <summary>The form in which toml-test says what a document means: <c>{"type": "integer", "value": "42"}</c>.</summary>
internal static partial class TaggedJson
{
    public static JsonNode Of(TomlValue value) => value switch
    {
        TomlTable table => new JsonObject(table.Entries.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)Of(e.Value.Value)))),
        TomlArray array => new JsonArray([.. array.Items.Select(Of)]),
        TomlString text => Tag("string", text.Value),
        TomlInteger integer => Tag("integer", integer.Value.ToString(CultureInfo.InvariantCulture)),
        TomlFloat number => Tag("float", number.Value.ToString("R", CultureInfo.InvariantCulture)),
        TomlBoolean boolean => Tag("bool", boolean.Value ? "true" : "false"),
        TomlDateTime date => Tag(date.Kind switch
        {
            TomlDateTimeKind.OffsetDateTime => "datetime",
            TomlDateTimeKind.LocalDateTime => "datetime-local",
            TomlDateTimeKind.LocalDate => "date-local",
            _ => "time-local",
        }, date.Text),
        _ => throw new InvalidOperationException(value.TypeName),
    };

    /// <summary>Two documents mean the same when these texts are equal: keys sorted, floats and fractions in one form.</summary>
    public static string Normalize(JsonNode node) => node switch
    {
        JsonObject tag when tag is { Count: 2 } && tag["type"] is JsonValue type && tag["value"] is JsonValue value =>
            $"{type}:{NormalizeValue(type.ToString(), value.ToString())}",
        JsonObject table => "{" + string.Join(",", table.OrderBy(e => e.Key, StringComparer.Ordinal)
            .Select(e => $"{JsonValue.Create(e.Key).ToJsonString()}={Normalize(e.Value!)}")) + "}",
        JsonArray array => "[" + string.Join(",", array.Select(i => Normalize(i!))) + "]",
        _ => throw new InvalidOperationException(node.ToJsonString()),
    };

    private static JsonObject Tag(string type, string value) => new() { ["type"] = type, ["value"] = value };

    private static string NormalizeValue(string type, string value) => type switch
    {
        "float" => NormalizeFloat(value.ToLowerInvariant()),
        "datetime" or "datetime-local" or "time-local" => Fraction().Replace(value, m => m.Value.TrimEnd('0').TrimEnd('.')),
        _ => JsonValue.Create(value).ToJsonString(),
    };

    private static string NormalizeFloat(string value) => value.TrimStart('+', '-') switch
    {
        "nan" => "nan",
        "inf" or "infinity" or "∞" => value[0] == '-' ? "-inf" : "inf",
        _ => double.Parse(value, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture),
    };

    [GeneratedRegex("""\.[0-9]+""")]
    private static partial Regex Fraction();
}
