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
    /// <param name="maxBytes">Of a longer section only the front is read.</param>
    /// <exception cref="ContentMissingException">The store does not have the content.</exception>
    public static async Task<HeaderBlock> ReadAsync(
        IContentStore contents, ContentId id, ImmutableArray<HeaderChange> changes, int maxBytes, CancellationToken cancellationToken)
    {
        await using var stream = await contents.OpenReadAsync(id, cancellationToken);
        var buffer = new byte[Math.Min(FirstRead, maxBytes)];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            length += read;
            if (read == 0 || HeaderBlock.TryFindEnd(buffer.AsSpan(0, length), out _) || length == maxBytes) break;
            if (length == buffer.Length) Array.Resize(ref buffer, Math.Min(buffer.Length * 2, maxBytes));
        }

        var block = HeaderBlock.Parse(buffer.AsMemory(0, length));
        foreach (var change in changes) block.Apply(change.ToEdit());
        return block;
    }
}
