using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Storage.Mails;

/// <summary>How JSON is written into the store: all scripts stay readable, for it is never part of a page.</summary>
internal static class StoredJson
{
    public static StateJson Known { get; } = new(new JsonSerializerOptions(StateJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>For states of other grains, whose types this project does not know.</summary>
    public static JsonSerializerOptions Any { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    public static byte[] Write(MailState state) => JsonSerializer.SerializeToUtf8Bytes(state, Known.MailState);

    /// <summary>A member that an older program did not write has the default of its type.</summary>
    /// <remarks>By reflection: generated code sets absent <c>init</c> members to nought instead of their initial values.</remarks>
    public static MailState Read(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<MailState>(json, Any)!;
}
