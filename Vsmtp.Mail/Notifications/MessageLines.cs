using System.Buffers;
using System.Text;

namespace Vsmtp.Mail.Notifications;

/// <summary>Octets of a message, line by line.</summary>
internal sealed class MessageLines
{
    private readonly ArrayBufferWriter<byte> _octets = new();

    /// <summary>The text and a CRLF.</summary>
    public MessageLines Add(string line)
    {
        Encoding.UTF8.GetBytes(line, _octets);
        _octets.Write("\r\n"u8);
        return this;
    }

    /// <summary>As they are, with a CRLF behind them unless they end with one.</summary>
    public MessageLines AddBytes(ReadOnlySpan<byte> octets)
    {
        _octets.Write(octets);
        if (!octets.EndsWith("\r\n"u8)) _octets.Write("\r\n"u8);
        return this;
    }

    public byte[] ToBytes() => _octets.WrittenSpan.ToArray();
}
