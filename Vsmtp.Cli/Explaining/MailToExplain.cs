using System.Collections.Immutable;
using System.Net;
using Vsmtp.Mail.Addresses;

namespace Vsmtp.Cli.Explaining;

/// <summary>A mail as a client would bring it, and what services would make of it.</summary>
internal sealed record MailToExplain
{
    public required IPAddress Client { get; init; }

    public required string Helo { get; init; }

    /// <summary>It comes under TLS.</summary>
    public bool IsSecured { get; init; }

    /// <summary>Whom the client has shown to be before MAIL; null: nobody.</summary>
    public string? User { get; init; }

    public required ReversePath Sender { get; init; }

    public required ImmutableArray<MailAddress> Recipients { get; init; }

    /// <summary>Header section and body, lines ended by CRLF.</summary>
    public required byte[] Message { get; init; }

    /// <summary>What services bring back, one after the other, in the order in which the rules ask them.</summary>
    public ImmutableArray<byte[]> Returned { get; init; } = [];

    /// <summary>Lines of files of other systems end with LF alone.</summary>
    public static byte[] ReadMessage(ReadOnlySpan<byte> file)
    {
        var message = new MemoryStream(file.Length + 256);
        for (var i = 0; i < file.Length; i++)
        {
            if (file[i] is (byte)'\n' && (i == 0 || file[i - 1] is not (byte)'\r')) message.WriteByte((byte)'\r');
            message.WriteByte(file[i]);
        }

        return message.ToArray();
    }
}
