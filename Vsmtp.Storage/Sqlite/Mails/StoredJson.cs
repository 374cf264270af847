using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Vsmtp.Contracts.Mail;

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

    public static byte[] Write(MailState state) => JsonSerializer.SerializeToUtf8Bytes(state, Known.MailState);

    /// <summary>A member that an older program did not write has the default of its type.</summary>
    /// <remarks>By reflection: generated code sets every <c>init</c> member, so an absent one would be nought instead of its initial value.</remarks>
    public static MailState Read(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<MailState>(json, Any)!;
}
