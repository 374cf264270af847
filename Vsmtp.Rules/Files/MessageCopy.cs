using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Vsmtp.Rules.Files;

/// <summary>The message as rules see it: the header section with their changes, and the body as it is stored.</summary>
/// <remarks>Before the message is here: the headers that rules have added.</remarks>
internal sealed class MessageCopy(RuleContext context)
{
    /// <summary>Octets.</summary>
    public long Length => (context.Headers?.Length ?? 0) + BodyLength;

    private long BodyLength =>
        context is { OpenBody: not null, MessageBytes: { } bytes, Headers: { } headers } ? Math.Max(0, bytes - headers.ParsedBytes) : 0;

    public async Task WriteToAsync(Stream stream, CancellationToken cancellationToken)
    {
        if (context.Headers is { } headers) await stream.WriteAsync(headers.ToArray(), cancellationToken).ConfigureAwait(false);
        if (context.OpenBody is not { } open) return;
        var body = await open(cancellationToken).ConfigureAwait(false);
        await using var disposing = body.ConfigureAwait(false);
        await body.CopyToAsync(stream, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As UTF-8, or as Latin-1 where the bytes are none. The caller has looked at <see cref="Length"/>.</summary>
    public async Task<string> ReadTextAsync(CancellationToken cancellationToken)
    {
        var length = checked((int)Length);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            using var text = new MemoryStream(buffer, 0, length);
            await WriteToAsync(text, cancellationToken).ConfigureAwait(false);
            var bytes = buffer.AsSpan(0, (int)text.Position);
            return (Utf8.IsValid(bytes) ? Encoding.UTF8 : Encoding.Latin1).GetString(bytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
