using System.Text;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Smtp.Tests.Client;

/// <summary>What the client's tests start from: options with short names, and a plain mail.</summary>
internal static class ClientFixture
{
    public const string Message = "Subject: hello\r\n\r\nbody\r\n";

    public static SmtpClientOptions Options { get; } = new() { HeloName = "client.example" };

    public static SmtpTransaction Mail(string content = Message, params string[] recipients) => new()
    {
        Sender = "a@client.example",
        Recipients = [.. (recipients.Length == 0 ? ["b@mx.example"] : recipients).Select(r => new SmtpTransactionRecipient(r))],
        Content = new MemoryStream(Encoding.Latin1.GetBytes(content)),
    };

    public static Task<SmtpClientConnection> ConnectAsync(ScriptedSmtpServer server, SmtpClientOptions? options = null) =>
        SmtpClientConnection.ConnectAsync(server.Destination, options ?? Options, TimeProvider.System, TestContext.Current.CancellationToken);

    /// <summary>Connects, sends one mail and closes.</summary>
    public static async Task<SmtpSendResult> SendOnceAsync(
        ScriptedSmtpServer server, SmtpTransaction transaction, SmtpClientOptions? options = null)
    {
        using var connection = await ConnectAsync(server, options);
        var result = await connection.SendAsync(transaction, TestContext.Current.CancellationToken);
        await connection.QuitAsync();
        return result;
    }
}
