using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vsmtp.Smtp.Wire;

namespace Vsmtp.Smtp.Tests.Wire;

public sealed class DataDecoderTests
{
    private static readonly DataLimits Limits = new(1_000_000, 1_000_000, 65_536);

    /// <summary>Bytes that the format is made of, and some others.</summary>
    private static readonly Arbitrary<byte[]> Bytes = Gen.Frequency(
            (5, Gen.Constant("\r\n"u8.ToArray())),
            (3, Gen.Constant("."u8.ToArray())),
            (1, Gen.Elements("\r"u8.ToArray(), "\n"u8.ToArray(), "\0"u8.ToArray())),
            (4, Gen.Choose(0, 255).Select(octet => new[] { (byte)octet })))
        .ListOf().Select(parts => parts.SelectMany(part => part).ToArray()).ToArbitrary();

    [Theory]
    [InlineData(".\r\n", "")]
    [InlineData("a\r\n.\r\n", "a\r\n")]
    [InlineData("..\r\n.\r\n", ".\r\n")]
    [InlineData(".text\r\n.\r\n", "text\r\n")]
    [InlineData("...\r\n\r\na.\r\n.\r\n", "..\r\n\r\na.\r\n")]
    [InlineData("是\r\n..αβγ\r\n.\r\n", "是\r\n.αβγ\r\n")]
    public void Dots_of_transparency_are_taken_off(string data, string content)
    {
        var (read, rest, decoder) = Decode(Encoding.UTF8.GetBytes(data + "NOOP"), int.MaxValue);
        Assert.True(decoder.IsComplete);
        Assert.Equal(DataFault.None, decoder.Fault);
        Assert.Equal(content, Encoding.UTF8.GetString(read));
        Assert.Equal("NOOP"u8.ToArray(), rest);
    }

    [Theory]
    [InlineData("a\n.\nb\r\n.\r\n")]
    [InlineData("a\n.\r\nb\r\n.\r\n")]
    [InlineData("a\r\n.\nb\r\n.\r\n")]
    [InlineData("a\r.\rb\r\n.\r\n")]
    [InlineData("a\r.\r\nb\r\n.\r\n")]
    [InlineData("a\r\n.\rb\r\n.\r\n")]
    [InlineData("a\r\n.\r\rb\r\n.\r\n")]
    [InlineData("a\r\n\0.\r\nb\r\n.\r\n")]
    [InlineData("a\r\n.\0\r\nb\r\n.\r\n")]
    [InlineData("a\r\r\nb\r\n.\r\n")]
    [InlineData("\n.\r\nb\r\n.\r\n")]
    [InlineData(".\n\r\n.\r\n")]
    public void What_another_server_may_take_for_the_end_is_a_fault_and_ends_nothing(string data)
    {
        foreach (var size in new[] { int.MaxValue, 1, 2, 3 })
        {
            var (_, rest, decoder) = Decode(Encoding.Latin1.GetBytes(data + "NOOP"), size);
            Assert.True(decoder.IsComplete);
            Assert.Equal(DataFault.BadContent, decoder.Fault);
            Assert.Equal("NOOP"u8.ToArray(), rest);
        }
    }

    [Theory]
    [InlineData("a\r\n.\r\r\n.\r\n", true)]
    [InlineData("a\r\n.\r", false)]
    [InlineData("a\r\n.", false)]
    [InlineData("a\r\n", false)]
    [InlineData("a.\r\n", false)]
    [InlineData("a\r\n..\r\n", false)]
    public void Only_the_whole_end_is_one(string data, bool isComplete) =>
        Assert.Equal(isComplete, Decode(Encoding.Latin1.GetBytes(data), 1).Decoder.IsComplete);

    [Fact]
    public void However_the_bytes_are_cut_the_same_comes_out() =>
        Prop.ForAll(Bytes, Gen.Choose(1, 7).ToArbitrary(), (bytes, size) =>
        {
            byte[] data = [.. bytes, .. "\r\n.\r\n"u8];
            var whole = Decode(data, int.MaxValue);
            var cut = Decode(data, size);
            return whole.Read.AsSpan().SequenceEqual(cut.Read) && whole.Left.AsSpan().SequenceEqual(cut.Left)
                && whole.Decoder.Fault == cut.Decoder.Fault && whole.Decoder.IsComplete && cut.Decoder.IsComplete;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(40));

    [Fact]
    public void The_end_is_where_a_search_for_it_finds_it() =>
        Prop.ForAll(Bytes, bytes =>
        {
            byte[] data = [.. bytes, .. "\r\n.\r\n"u8];
            // The CRLF of the DATA command stands before the first line.
            var end = Encoding.Latin1.GetString([.. "\r\n"u8, .. data]).IndexOf("\r\n.\r\n", StringComparison.Ordinal) + 3;
            return Decode(data, int.MaxValue).Left.Length == data.Length - end;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(40));

    [Fact]
    public void What_was_stuffed_comes_back() =>
        Prop.ForAll(Bytes, bytes =>
        {
            var lines = Encoding.Latin1.GetString(bytes).Split("\r\n")
                .Select(line => string.Concat(line.Where(c => c is not ('\r' or '\n' or '\0')))).ToList();
            var content = string.Concat(lines.Select(line => line + "\r\n"));
            var stuffed = string.Concat(lines.Select(line => (line.StartsWith('.') ? "." + line : line) + "\r\n")) + ".\r\n";
            var (read, _, decoder) = Decode(Encoding.Latin1.GetBytes(stuffed), 3);
            return decoder.Fault == DataFault.None && decoder.ContentBytes == read.Length && Encoding.Latin1.GetString(read) == content;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(40));

    [Theory]
    [InlineData(10, "0123456\r\n.\r\n", DataFault.None)]
    [InlineData(9, "0123456\r\n.\r\n", DataFault.None)]
    [InlineData(8, "0123456\r\n.\r\n", DataFault.MessageTooBig)]
    public void The_size_is_counted_without_dots_of_transparency(long limit, string data, object fault)
    {
        foreach (var stuffed in new[] { data, "." + data })
        {
            var limits = Limits with { MessageBytes = limit };
            Assert.Equal(fault, Decode(Encoding.ASCII.GetBytes(stuffed), 1, limits).Decoder.Fault);
            Assert.Equal(fault, Decode(Encoding.ASCII.GetBytes(stuffed), int.MaxValue, limits).Decoder.Fault);
        }
    }

    [Theory]
    [InlineData("12345\r\n\r\n1234567890\r\n.\r\n", DataFault.None)]
    [InlineData("123456789\r\n\r\n\r\n.\r\n", DataFault.HeaderTooBig)]
    [InlineData("\r\n1234567890\r\n.\r\n", DataFault.None)]
    [InlineData("12345\r\n1234567890\r\n.\r\n", DataFault.HeaderTooBig)]
    public void The_header_section_has_a_limit_of_its_own(string data, object fault)
    {
        var limits = Limits with { HeaderBytes = 10 };
        Assert.Equal(fault, Decode(Encoding.ASCII.GetBytes(data), 1, limits).Decoder.Fault);
        Assert.Equal(fault, Decode(Encoding.ASCII.GetBytes(data), int.MaxValue, limits).Decoder.Fault);
    }

    [Theory]
    [InlineData(65_536, DataFault.None)]
    [InlineData(65_537, DataFault.LineTooLong)]
    public void A_line_may_have_64_kibioctets(int length, object fault)
    {
        var data = Encoding.ASCII.GetBytes($"a\r\n{new string('x', length)}\r\n.\r\n");
        Assert.Equal(fault, Decode(data, 4096).Decoder.Fault);
        Assert.Equal(fault, Decode(data, int.MaxValue).Decoder.Fault);
    }

    private static (byte[] Read, byte[] Left, DataDecoder Decoder) Decode(byte[] data, int chunkSize, DataLimits? limits = null)
    {
        var decoder = new DataDecoder(limits ?? Limits);
        var read = new List<byte>();
        for (var start = 0; start < data.Length; start += chunkSize)
        {
            var end = Math.Min(data.Length - start, chunkSize) + start;
            ReadOnlyMemory<byte> chunk = data.AsMemory(start, end - start);
            while (!chunk.IsEmpty && !decoder.IsComplete) read.AddRange(decoder.Take(ref chunk).Span);
            if (decoder.IsComplete) return ([.. read], [.. chunk.Span, .. data.AsSpan(end)], decoder);
            if (end == data.Length) break;
        }

        return ([.. read], [], decoder);
    }
}
