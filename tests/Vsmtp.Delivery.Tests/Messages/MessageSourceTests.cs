using System.Collections.Immutable;
using System.Text;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Messages;
using Vsmtp.Delivery.Tests.Support;
using Vsmtp.Smtp.Tests.Client;

namespace Vsmtp.Delivery.Tests.Messages;

public sealed class MessageSourceTests
{
    private readonly MemoryContents _contents = new();

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("A: 1\r\n\r\nbody without end")]
    [InlineData("A: 1\r\n folded\r\nno colon\r\n\r\n.\r\n\u00e9\r\n")]
    [InlineData("A: only headers")]
    [InlineData("A: only headers\r\n")]
    public async Task Without_changes_the_bytes_are_the_stored_ones(string content) =>
        Assert.Equal(content, await ReadAsync(_contents.Add(content), []));

    [Fact]
    public async Task Changes_are_made_in_order_on_the_header_section_alone()
    {
        var id = _contents.Add("A: 1\r\nB: 2\r\nB: 3\r\nC: x\r\n\tfolded\r\nD: 4\r\n\r\nA: body\r\nB: body\r\n");
        ImmutableArray<HeaderChange> changes =
        [
            new(HeaderChangeKind.Prepend, "First", "f"),
            new(HeaderChangeKind.Append, "Last", "l"),
            new(HeaderChangeKind.Set, "a", "set"),
            new(HeaderChangeKind.Remove, "B", ""),
            new(HeaderChangeKind.Rename, "D", "E"),
            new(HeaderChangeKind.RemoveAll, "Nothing-Of-This-Name", ""),
        ];
        Assert.Equal(
            "First: f\r\na: set\r\nB: 3\r\nC: x\r\n\tfolded\r\nE: 4\r\nLast: l\r\n\r\nA: body\r\nB: body\r\n",
            await ReadAsync(id, changes));
    }

    [Theory]
    [InlineData(64 * 1024 - 1)]
    [InlineData(64 * 1024)]
    [InlineData(64 * 1024 + 1)]
    [InlineData(200_000)]
    public async Task A_body_of_any_length_follows_its_changed_header(int length)
    {
        var body = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 26))));
        var id = _contents.Add("A: 1\r\n\r\n" + body);
        Assert.Equal("B: 2\r\nA: 1\r\n\r\n" + body, await ReadAsync(id, [new(HeaderChangeKind.Prepend, "B", "2")]));
    }

    [Fact]
    public async Task A_long_header_section_is_read_whole()
    {
        var header = string.Concat(Enumerable.Range(0, 4000).Select(i => $"X-Field-{i:0000}: some value that is not very short\r\n"));
        var id = _contents.Add(header + "\r\nbody");
        Assert.True(header.Length > 128 * 1024);
        Assert.Equal(header + "Z: 1\r\n\r\nbody", await ReadAsync(id, [new(HeaderChangeKind.Append, "Z", "1")]));
    }

    [Fact]
    public async Task A_header_section_without_bound_is_refused()
    {
        var id = _contents.Add(10_000_000, () => new EndlessStream(10_000_000));
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(id, []));
    }

    [Fact]
    public async Task A_content_that_the_store_has_not_is_told() =>
        await Assert.ThrowsAsync<ContentMissingException>(() => ReadAsync(new ContentId("none", 5, ""), []));

    [Theory]
    [InlineData(1000, 900)]
    [InlineData(200_000, 199_999)]
    public async Task A_content_that_is_shorter_than_it_should_be_never_counts_as_whole(long said, int stored)
    {
        var bytes = Encoding.ASCII.GetBytes("A: 1\r\n\r\n" + new string('x', stored - 8));
        var id = _contents.Add(said, () => new MemoryStream(bytes));
        await Assert.ThrowsAsync<EndOfStreamException>(() => ReadAsync(id, []));
    }

    [Theory]
    [InlineData("A: 1\r\n\r\nascii", false)]
    [InlineData("A: \u00e9\r\n\r\nascii", true)]
    [InlineData("A: 1\r\n\r\n\u00e9", true)]
    public async Task Eight_bit_octets_are_found_anywhere(string content, bool expected)
    {
        foreach (var tail in new[] { "", new string('x', 100_000) })
        {
            await using var message = await OpenAsync(_contents.Add(content + tail), []);
            Assert.Equal(expected, await message.Is8BitAsync(TestContext.Current.CancellationToken));
        }

        await using var late = await OpenAsync(_contents.Add(content + new string('x', 100_000) + "\u00ff"), []);
        Assert.True(await late.Is8BitAsync(TestContext.Current.CancellationToken));
        // The message itself is still there from its first octet.
        using var reader = new StreamReader(late.Content, Encoding.Latin1);
        Assert.StartsWith(content, await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_mail_is_not_held_in_memory()
    {
        const long Length = 40_000_000;
        var id = _contents.Add(Length, () => new HeadedStream(Length));
        var before = GC.GetAllocatedBytesForCurrentThread();
        await using var message = await OpenAsync(id, [new(HeaderChangeKind.Prepend, "B", "2")]);
        var buffer = new byte[32 * 1024];
        var total = 0L;
        for (int count; (count = await message.Content.ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0;) total += count;

        Assert.Equal(Length + "B: 2\r\n".Length, total);
        Assert.Equal(total, message.Bytes);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    private Task<OutgoingMessage> OpenAsync(ContentId id, ImmutableArray<HeaderChange> changes) =>
        new MessageSource(_contents).OpenAsync(id, changes, null, TestContext.Current.CancellationToken);

    private async Task<string> ReadAsync(ContentId id, ImmutableArray<HeaderChange> changes)
    {
        await using var message = await OpenAsync(id, changes);
        using var copy = new MemoryStream();
        await message.Content.CopyToAsync(copy, TestContext.Current.CancellationToken);
        Assert.Equal(message.Bytes, copy.Length);
        return Encoding.Latin1.GetString(copy.ToArray());
    }

    /// <summary>A header of one field, then letters.</summary>
    private sealed class HeadedStream(long length) : Stream
    {
        private static readonly byte[] Head = "A: 1\r\n\r\n"u8.ToArray();
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var taken = (int)Math.Min(length - _position, buffer.Length);
            buffer[..taken].Fill((byte)'x');
            if (_position < Head.Length) Head.AsSpan((int)_position).CopyTo(buffer);
            _position += taken;
            return taken;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Read(buffer.Span));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
