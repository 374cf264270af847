using System.Buffers;
using System.Runtime.InteropServices;
using Vsmtp.Contracts.Content;
using Vsmtp.Mail.Headers;

namespace Vsmtp.Gateway.Messages;

/// <summary>A message on its way from the wire to the store: its header section is held until it is whole, its body only passes.</summary>
/// <param name="contents">Takes the bytes.</param>
/// <param name="prepare">Changes the header section before it is stored: the trace goes on, headers of our own that came from outside go off.</param>
internal sealed class MessageIntake(IContentStore contents, Action<HeaderBlock> prepare) : IAsyncDisposable
{
    private const int MaxSubjectLength = 256;
    private const int FirstHeadBytes = 4096;

    private readonly IContentStage _stage = contents.Stage();
    private byte[] _head = ArrayPool<byte>.Shared.Rent(FirstHeadBytes);
    private int _headBytes;
    private int _searched;
    private Task<StagedContent>? _staged;

    /// <summary>The header section as it is stored; null until it is whole.</summary>
    public HeaderBlock? Headers { get; private set; }

    /// <summary>Octets stored so far.</summary>
    public long Length => _stage.Length;

    /// <summary>The subject for lists.</summary>
    public string Subject => Headers?.Get("Subject") is { } subject
        ? subject.Length <= MaxSubjectLength ? subject : subject[..MaxSubjectLength]
        : "";

    /// <summary>There was no room for all of it: what comes is passed over, and the peer is told 452 at the end.</summary>
    public bool IsDropped { get; private set; }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (IsDropped) return ValueTask.CompletedTask;
        if (Headers is not null) return StoreAsync(bytes, cancellationToken);
        Hold(bytes.Span);
        return HasWholeHead() ? StoreHeadAsync(cancellationToken) : ValueTask.CompletedTask;
    }

    /// <summary>Says that no more bytes come: what is held is header section only.</summary>
    public ValueTask EndAsync(CancellationToken cancellationToken) =>
        Headers is null && !IsDropped ? StoreHeadAsync(cancellationToken) : ValueTask.CompletedTask;

    /// <summary>Takes no more of it.</summary>
    public void Drop() => IsDropped = true;

    /// <summary>Ends the message in the store, once however often it is called.</summary>
    public Task<StagedContent> StageAsync(CancellationToken cancellationToken) => _staged ??= _stage.CompleteAsync(cancellationToken);

    /// <summary>Opens what follows the header section, for rules that want it; the message is then in the store before they have decided.</summary>
    public async Task<Stream> OpenBodyAsync(CancellationToken cancellationToken)
    {
        var staged = await StageAsync(cancellationToken).ConfigureAwait(false);
        var headerBytes = Headers!.ParsedBytes;
        if (staged.Inline.IsDefault) return await contents.OpenBodyAsync(staged.Id, headerBytes, cancellationToken).ConfigureAwait(false);
        return new MemoryStream(ImmutableCollectionsMarshal.AsArray(staged.Inline)!, headerBytes, staged.Inline.Length - headerBytes, writable: false);
    }

    /// <summary>The message is refused: what rules have had put into the store is given up.</summary>
    public async ValueTask RefuseAsync(CancellationToken cancellationToken)
    {
        if (_staged is { IsCompletedSuccessfully: true } staged)
            await contents.DiscardAsync(await staged.ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync()
    {
        ReleaseHead();
        return _stage.DisposeAsync();
    }

    /// <summary>The session bounds what may come before the header section has ended.</summary>
    private void Hold(ReadOnlySpan<byte> bytes)
    {
        if (_headBytes + bytes.Length > _head.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_headBytes + bytes.Length, 2 * _head.Length));
            _head.AsSpan(0, _headBytes).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_head);
            _head = larger;
        }

        bytes.CopyTo(_head.AsSpan(_headBytes));
        _headBytes += bytes.Length;
    }

    private void ReleaseHead()
    {
        if (_head.Length > 0) ArrayPool<byte>.Shared.Return(_head);
        (_head, _headBytes) = ([], 0);
    }

    /// <summary>Looks at what is new and the three octets before it: an empty line may have come in parts.</summary>
    private bool HasWholeHead()
    {
        var head = _head.AsSpan(0, _headBytes);
        var isWhole = head.StartsWith("\r\n"u8) || head[_searched..].IndexOf("\r\n\r\n"u8) >= 0;
        _searched = Math.Max(0, head.Length - 3);
        return isWhole;
    }

    private async ValueTask StoreHeadAsync(CancellationToken cancellationToken)
    {
        // A first line that begins with a blank continues no field of the message's own: it would become part of the one that is put before
        // it, such as our trace. It is body (RFC 5322 §2.2), and so is all that follows.
        var isBody = _head.AsSpan(0, _headBytes) is [(byte)' ' or (byte)'\t', ..];
        var arrived = HeaderBlock.Parse(isBody ? default : _head.AsMemory(0, _headBytes));
        var body = _head.AsMemory(arrived.ParsedBytes.._headBytes);
        prepare(arrived);
        if (isBody) arrived.EnsureEmptyLine();
        var stored = arrived.ToArray();
        Headers = HeaderBlock.Parse(stored);
        await StoreAsync(stored, cancellationToken).ConfigureAwait(false);
        if (!body.IsEmpty && !IsDropped) await StoreAsync(body, cancellationToken).ConfigureAwait(false);
        ReleaseHead();
    }

    private async ValueTask StoreAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await _stage.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreFullException)
        {
            Drop();
        }
    }
}
