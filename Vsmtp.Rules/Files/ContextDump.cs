using System.Text.Encodings.Web;
using System.Text.Json;
using Vsmtp.Mail.Transfer;

namespace Vsmtp.Rules.Files;

/// <summary>A transaction as JSON for people: everything that rules know of it but the message.</summary>
internal static class ContextDump
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>UTF-8.</summary>
    public static byte[] Of(Stage stage, RuleContext context)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Options))
        {
            json.WriteStartObject();
            json.WriteString("message_id", context.MessageId);
            json.WriteString("stage", stage.ToText());
            WriteConnection(json, context);
            json.WriteString("mail_timestamp", context.MailAt!.Value);
            json.WriteString("mail_from", context.Sender?.Address?.ToString() ?? "");
            json.WriteStartArray("rcpt_list");
            foreach (var recipient in context.Recipients) Write(json, recipient);
            json.WriteEndArray();
            if (context.MessageBytes is { } bytes) json.WriteNumber("message_bytes", bytes);
            json.WriteEndObject();
        }

        text.WriteByte((byte)'\n');
        return text.ToArray();
    }

    private static void WriteConnection(Utf8JsonWriter json, RuleContext context)
    {
        json.WriteString("client_address", context.Client.ToString());
        json.WriteString("server_address", context.Server.ToString());
        json.WriteString("server_name", context.ServerName);
        json.WriteString("connection_timestamp", context.ConnectedAt);
        json.WriteBoolean("is_secured", context.IsSecured);
        if (context.IsSecured)
        {
            json.WriteString("tls_version", context.TlsVersion);
            json.WriteString("tls_cipher", context.TlsCipher);
        }

        json.WriteBoolean("is_authenticated", context.IsAuthenticated);
        if (context is { IsAuthenticated: true, Credentials: { } identity })
        {
            json.WriteString("authenticated_as", identity.Name);
            json.WriteString("auth_mechanism", identity.Mechanism);
        }

        json.WriteString("helo", context.Helo);
    }

    private static void Write(Utf8JsonWriter json, RuleRecipient recipient)
    {
        json.WriteStartObject();
        json.WriteString("address", recipient.Address.ToString());
        json.WriteString("transport", recipient.Transport.ToString().ToLowerInvariant());
        if (recipient.Target is { } target) json.WriteString("target", ForwardUrl.WithoutSecrets(target));
        json.WriteEndObject();
    }
}
