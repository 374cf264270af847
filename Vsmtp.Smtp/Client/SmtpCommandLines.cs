using System.Buffers;
using System.Text;

namespace Vsmtp.Smtp.Client;

/// <summary>Command lines of a transaction, each parameter only where the server announced its extension.</summary>
internal static class SmtpCommandLines
{
    private const int MaxOrcptLength = 500;

    public static void WriteMail(IBufferWriter<byte> output, SmtpTransaction transaction, SmtpCapabilities server)
    {
        var line = new StringBuilder("MAIL FROM:<").Append(transaction.Sender).Append('>');
        if (server.Size && transaction.Bytes is { } bytes) line.Append(" SIZE=").Append(bytes);
        if (server.EightBitMime && transaction.Is8Bit) line.Append(" BODY=8BITMIME");
        if (server.SmtpUtf8 && transaction.IsUtf8) line.Append(" SMTPUTF8");
        if (server.Dsn) AppendParameter(AppendParameter(line, "RET", transaction.Return), "ENVID", transaction.EnvelopeId);
        Write(output, line);
    }

    /// <param name="isUtf8">MAIL said SMTPUTF8.</param>
    public static void WriteRcpt(IBufferWriter<byte> output, SmtpTransactionRecipient recipient, SmtpCapabilities server, bool isUtf8)
    {
        var line = new StringBuilder("RCPT TO:<").Append(recipient.Address).Append('>');
        var original = isUtf8 ? recipient.OriginalRecipient : InAscii(recipient.OriginalRecipient);
        if (server.Dsn) AppendParameter(AppendParameter(line, "NOTIFY", recipient.Notify), "ORCPT", original);
        Write(output, line);
    }

    public static void Write(IBufferWriter<byte> output, string line) => Write(output, new StringBuilder(line));

    /// <summary>The form of type utf-8 where MAIL did not say SMTPUTF8: <c>\x{E9}</c> for é (RFC 6533 §3, utf-8-addr-xtext).</summary>
    /// <returns>Null as well for what becomes longer than RCPT may have it (RFC 3461 §4.2).</returns>
    private static string? InAscii(string? original)
    {
        if (original is null || Ascii.IsValid(original)) return original;
        var escaped = string.Concat(original.EnumerateRunes().Select(rune => rune.IsAscii ? rune.ToString() : $"\\x{{{rune.Value:X}}}"));
        return escaped.Length <= MaxOrcptLength ? escaped : null;
    }

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
