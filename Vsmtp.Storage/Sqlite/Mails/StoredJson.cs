using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vsmtp.Storage.Sqlite.Mails;

/// <summary>How JSON is written into the store: addresses and subjects in all scripts stay readable, for it is never part of a page.</summary>
internal static class StoredJson
{
    public static StateJson Known { get; } = new(new JsonSerializerOptions(StateJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>For states of other grains, whose types this project does not know.</summary>
    public static JsonSerializerOptions Any { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };
}
