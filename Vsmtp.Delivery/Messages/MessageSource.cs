using System.Collections.Immutable;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Mail.Headers;

namespace Vsmtp.Delivery.Messages;

/// <summary>Reads a stored content as the message that leaves: its header section changed, its body as it is.</summary>
internal sealed class MessageSource(IContentStore contents)
{
    private const int FrontBytes = 64 * 1024;

    /// <param name="changes">Made first, in order; one that finds nothing to change is passed over.</param>
    /// <param name="finish">Makes the last changes; null for none.</param>
    /// <returns>To be disposed by the caller. A body beyond the first 64 KiB is not held in memory.</returns>
    /// <exception cref="ContentMissingException">The store has it no more.</exception>
    /// <exception cref="InvalidDataException">The header section is longer than <see cref="HeaderBlock.MaxStoredBytes"/>.</exception>
    /// <exception cref="EndOfStreamException">The store has fewer octets than the id says; reading the content may throw it too.</exception>
    public async Task<OutgoingMessage> OpenAsync(
        ContentId id, ImmutableArray<HeaderChange> changes, Action<HeaderBlock>? finish, CancellationToken cancellationToken)
    {
        var stored = await contents.OpenReadAsync(id, cancellationToken).ConfigureAwait(false);
        try
        {
            var front = await ReadFrontAsync(stored, id, cancellationToken).ConfigureAwait(false);
            var block = HeaderBlock.Parse(front);
            foreach (var change in changes) block.Apply(change.ToEdit());
            finish?.Invoke(block);

            var header = changes.IsEmpty && finish is null ? front[..block.ParsedBytes] : block.ToArray();
            var body = front[block.ParsedBytes..];
            return new OutgoingMessage(header, body, header.Length + id.Length - block.ParsedBytes)
            {
                Stored = id,
                OpenAgain = token => contents.OpenReadAsync(id, token),
                Content = new MessageStream(header, body, stored, id.Length - front.Length),
            };
        }
        catch
        {
            await stored.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Reads 64 KiB, or as far as the header section goes.</summary>
    private static async Task<ReadOnlyMemory<byte>> ReadFrontAsync(Stream stored, ContentId id, CancellationToken cancellationToken)
    {
        if (stored is MemoryStream whole && whole.Length == id.Length && whole.TryGetBuffer(out var bytes))
        {
            whole.Position = whole.Length;
            return bytes;
        }

        var buffer = new byte[(int)Math.Min(FrontBytes, id.Length)];
        var count = 0;
        while (true)
        {
            await stored.ReadExactlyAsync(buffer.AsMemory(count), cancellationToken).ConfigureAwait(false);
            count = buffer.Length;
            if (count == id.Length || HeaderBlock.TryFindEnd(buffer, out _)) return buffer;
            if (count >= HeaderBlock.MaxStoredBytes) throw new InvalidDataException($"The header section is longer than {HeaderBlock.MaxStoredBytes} octets.");
            Array.Resize(ref buffer, (int)Math.Min(count * 2L, id.Length));
        }
    }
}
