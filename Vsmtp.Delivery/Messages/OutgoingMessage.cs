using System.Buffers;
using System.Text;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Delivery.Messages;

/// <summary>A message on its way out: CRLF line ends, not dot-stuffed.</summary>
internal sealed class OutgoingMessage(
    ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> bodyFront, long bytes) : IAsyncDisposable
{
    private const int ScanBytes = 64 * 1024;

    /// <summary>Octets of <see cref="Content"/>.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>The whole, to be read once.</summary>
    public required Stream Content { get; init; }

    /// <summary>What it is made of.</summary>
    public required ContentId Stored { private get; init; }

    /// <summary>Opens the stored content anew.</summary>
    public required Func<CancellationToken, Task<Stream>> OpenAgain { private get; init; }

    /// <summary>
    /// The mail cannot go where SMTPUTF8 is not announced: an address is not ASCII, or the client said SMTPUTF8 and a header is not
    /// (RFC 6531 §3.4). Without the client's word, such a header is plain 8-bit content.
    /// </summary>
    public bool NeedsSmtpUtf8(MailEnvelope envelope, IEnumerable<MailRecipient> recipients) =>
        !Ascii.IsValid(envelope.Sender) || recipients.Any(recipient => !Ascii.IsValid(recipient.Address))
        || (envelope.IsUtf8 && !Ascii.IsValid(header.Span));

    /// <summary>
    /// Whether any octet is above 127. Unless it is known that none of the stored ones is, a large content is read once from end to end,
    /// <see cref="Content"/> left alone.
    /// </summary>
    public async ValueTask<bool> Is8BitAsync(CancellationToken cancellationToken)
    {
        if (Stored.Is8Bit is false) return !Ascii.IsValid(header.Span);
        if (!Ascii.IsValid(header.Span) || !Ascii.IsValid(bodyFront.Span)) return true;
        if (header.Length + bodyFront.Length == Bytes) return false;

        var stored = await OpenAgain(cancellationToken).ConfigureAwait(false);
        await using var _ = stored.ConfigureAwait(false);
        var chunk = ArrayPool<byte>.Shared.Rent(ScanBytes);
        try
        {
            int count;
            while ((count = await stored.ReadAsync(chunk, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (!Ascii.IsValid(chunk.AsSpan(0, count))) return true;
            }

            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
