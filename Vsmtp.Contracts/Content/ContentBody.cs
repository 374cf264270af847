using System.Buffers;

namespace Vsmtp.Contracts.Content;

/// <summary>Reads what follows the header section of a stored message.</summary>
public static class ContentBody
{
    private const int ChunkBytes = 16 * 1024;

    /// <param name="headerBytes">How long the header section is, as it is stored.</param>
    /// <returns>A stream at the first octet behind it; the caller disposes it.</returns>
    /// <exception cref="ContentMissingException">The store does not have the content.</exception>
    public static async Task<Stream> OpenBodyAsync(this IContentStore contents, ContentId id, int headerBytes, CancellationToken cancellationToken)
    {
        var stream = await contents.OpenReadAsync(id, cancellationToken).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            while (headerBytes > 0)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(0, Math.Min(headerBytes, ChunkBytes)), cancellationToken).ConfigureAwait(false);
                if (read == 0) break;
                headerBytes -= read;
            }

            return stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
