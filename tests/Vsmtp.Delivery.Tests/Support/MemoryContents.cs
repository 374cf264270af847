using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Vsmtp.Contracts.Content;

namespace Vsmtp.Delivery.Tests.Support;

/// <summary>Contents in memory, or made as they are read; the store proper has tests of its own.</summary>
internal sealed class MemoryContents : IContentStore
{
    private readonly ConcurrentDictionary<string, Func<Stream>> _contents = new();
    private int _opened;

    /// <summary>How often a content was opened.</summary>
    public int Opened => _opened;

    public ContentId Add(string latin1) => Add(Encoding.Latin1.GetBytes(latin1));

    public ContentId Add(byte[] bytes) =>
        Add(bytes.Length, () => new MemoryStream(bytes), Convert.ToHexStringLower(SHA256.HashData(bytes)));

    public ContentId Add(long length, Func<Stream> open, string sha256 = "")
    {
        var id = new ContentId(Guid.NewGuid().ToString("n"), length, sha256);
        _contents[id.Key] = open;
        return id;
    }

    public Task DiscardAsync(StagedContent content, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<Stream> OpenReadAsync(ContentId id, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _opened);
        return _contents.TryGetValue(id.Key, out var open) ? Task.FromResult(open()) : throw new ContentMissingException(id);
    }

    public IContentStage Stage() => throw new NotSupportedException("Delivery only reads.");
}
