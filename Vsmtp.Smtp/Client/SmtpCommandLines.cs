using System.Buffers;
using System.Text;

namespace Vsmtp.Smtp.Client;

/// <summary>Command lines of a transaction, each parameter only where the server announced its extension.</summary>
internal static class SmtpCommandLines
{
    public static void WriteMail(IBufferWriter<byte> output, SmtpTransaction transaction, SmtpCapabilities server)
    {
        var line = new StringBuilder("MAIL FROM:<").Append(transaction.Sender).Append('>');
        if (server.Size && transaction.Bytes is { } bytes) line.Append(" SIZE=").Append(bytes);
        if (server.EightBitMime && transaction.Is8Bit) line.Append(" BODY=8BITMIME");
        if (server.SmtpUtf8 && transaction.IsUtf8) line.Append(" SMTPUTF8");
        if (server.Dsn) AppendParameter(AppendParameter(line, "RET", transaction.Return), "ENVID", transaction.EnvelopeId);
        Write(output, line);
    }

    public static void WriteRcpt(IBufferWriter<byte> output, SmtpTransactionRecipient recipient, SmtpCapabilities server)
    {
        var line = new StringBuilder("RCPT TO:<").Append(recipient.Address).Append('>');
        if (server.Dsn) AppendParameter(AppendParameter(line, "NOTIFY", recipient.Notify), "ORCPT", recipient.OriginalRecipient);
        Write(output, line);
    }

    public static void Write(IBufferWriter<byte> output, string line) => Write(output, new StringBuilder(line));

    private static StringBuilder AppendParameter(StringBuilder line, string name, string? value)
    {
        if (value is null) return line;
        if (value.Contains(' ', StringComparison.Ordinal)) throw new ArgumentException($"{name} has a blank.");
        return line.Append(' ').Append(name).Append('=').Append(value);
    }

    /// <exception cref="ArgumentException">A control character: it would smuggle in a command.</exception>
    private static void Write(IBufferWriter<byte> output, StringBuilder line)
    {
        var text = line.ToString();
        if (text.Any(char.IsControl)) throw new ArgumentException("A command line has a control character.");
        Encoding.UTF8.GetBytes(text, output);
        output.Write("\r\n"u8);
    }
}
