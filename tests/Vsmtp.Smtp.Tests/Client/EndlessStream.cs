namespace Vsmtp.Smtp.Tests.Client;

/// <summary>A message of one letter over and over, made as it is read; counts what was read.</summary>
internal sealed class EndlessStream(long length, bool failsAtEnd = false) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => Interlocked.Read(ref _position);
        set => throw new NotSupportedException();
    }

    /// <summary>Waits until nobody has read for so long.</summary>
    public async Task PausedAsync(TimeSpan quiet)
    {
        long before;
        do
        {
            before = Position;
            await Task.Delay(quiet);
        }
        while (before == 0 || before != Position);
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var left = length - _position;
        if (left == 0 && failsAtEnd) throw new InvalidDataException("The rest cannot be read.");
        var taken = (int)Math.Min(left, count);
        // A line end every 64 octets and at the end.
        for (var i = 0; i < taken; i++)
        {
            var column = (_position + i) % 64;
            buffer[offset + i] = column == 62 ? (byte)'\r' : column == 63 ? (byte)'\n' : (byte)'x';
        }

        Interlocked.Add(ref _position, taken);
        return taken;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
