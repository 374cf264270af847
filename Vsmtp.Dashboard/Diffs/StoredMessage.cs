using System.Collections.Immutable;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Mail.Headers;

namespace Vsmtp.Dashboard.Diffs;

/// <summary>A stored message, read from its front: the header section at once, the body as far as somebody reads.</summary>
internal sealed class StoredMessage : IAsyncDisposable
{
    private readonly Stream _stream;
    private ReadOnlyMemory<byte> _ahead;

    private StoredMessage(Stream stream, HeaderBlock headers, ReadOnlyMemory<byte> ahead, long bodyBytes)
    {
        _stream = stream;
        _ahead = ahead;
        Headers = headers;
        BodyBytes = bodyBytes;
    }

    public HeaderBlock Headers { get; }

    public long BodyBytes { get; }

    /// <param name="changes">Made on the header section, in order.</param>
    /// <exception cref="ContentMissingException">The store does not have it any more.</exception>
    public static async Task<StoredMessage> OpenAsync(
        IContentStore contents, ContentId id, ImmutableArray<HeaderChange> changes, CancellationToken cancellationToken)
    {
        var stream = await contents.OpenReadAsync(id, cancellationToken);
        try
        {
            var front = new byte[(int)Math.Min(id.Length, HeaderBlock.MaxStoredBytes)];
            await stream.ReadExactlyAsync(front, cancellationToken);
            var headers = HeaderBlock.Parse(front);
            foreach (var change in changes) headers.Apply(change.ToEdit());
            return new StoredMessage(stream, headers, front.AsMemory(headers.ParsedBytes), id.Length - headers.ParsedBytes);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>The next octets of the body: as many as the buffer takes, fewer only at the end.</summary>
    public async ValueTask<int> ReadBodyAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var taken = Math.Min(_ahead.Length, buffer.Length);
        _ahead[..taken].CopyTo(buffer);
        _ahead = _ahead[taken..];
        return taken + await _stream.ReadAtLeastAsync(buffer[taken..], buffer.Length - taken, throwOnEndOfStream: false, cancellationToken);
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
