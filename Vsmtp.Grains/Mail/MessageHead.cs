using System.Collections.Immutable;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Mail.Headers;

namespace Vsmtp.Grains.Mail;

/// <summary>Reads the header section of a stored message, and no more of it.</summary>
internal static class MessageHead
{
    private const int FirstRead = 8 * 1024;

    /// <param name="changes">Made on it, in order.</param>
    /// <exception cref="ContentMissingException">The store does not have the content.</exception>
    /// <exception cref="InvalidDataException">It is longer than <see cref="HeaderBlock.MaxStoredBytes"/>: rules must not judge by a part.</exception>
    public static async Task<HeaderBlock> ReadAsync(
        IContentStore contents, ContentId id, ImmutableArray<HeaderChange> changes, CancellationToken cancellationToken)
    {
        await using var stream = await contents.OpenReadAsync(id, cancellationToken);
        var buffer = new byte[FirstRead];
        var length = 0;
        while (!HeaderBlock.TryFindEnd(buffer.AsSpan(0, length), out _))
        {
            if (length == HeaderBlock.MaxStoredBytes) throw new InvalidDataException($"The header section of {id} is longer than {length} octets.");
            if (length == buffer.Length) Array.Resize(ref buffer, Math.Min(buffer.Length * 2, HeaderBlock.MaxStoredBytes));
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0) break;
            length += read;
        }

        var block = HeaderBlock.Parse(buffer.AsMemory(0, length));
        foreach (var change in changes) block.Apply(change.ToEdit());
        return block;
    }
}
