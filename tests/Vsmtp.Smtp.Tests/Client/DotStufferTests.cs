using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Smtp.Tests.Client;

public sealed class DotStufferTests
{
    [Theory]
    [InlineData("", ".\r\n")]
    [InlineData("a", "a\r\n.\r\n")]
    [InlineData("a\r\n", "a\r\n.\r\n")]
    [InlineData(".", "..\r\n.\r\n")]
    [InlineData(".\r\n", "..\r\n.\r\n")]
    [InlineData("\r\n.", "\r\n..\r\n.\r\n")]
    [InlineData("..\r\n..", "...\r\n...\r\n.\r\n")]
    [InlineData("a.\r\n.b\r\n", "a.\r\n..b\r\n.\r\n")]
    [InlineData("\r\n\r\n.\r\n.\r\n", "\r\n\r\n..\r\n..\r\n.\r\n")]
    public void A_line_that_begins_with_a_dot_gets_another(string message, string expected) =>
        Assert.Equal(expected, Stuff([message]));

    [Theory]
    [InlineData("a\r", "\n.b", "a\r\n..b\r\n.\r\n")]
    [InlineData("a\r\n", ".b", "a\r\n..b\r\n.\r\n")]
    [InlineData("a\r\n.", ".b", "a\r\n...b\r\n.\r\n")]
    [InlineData("a\r", ".b", "a\r.b\r\n.\r\n")]
    [InlineData("a\r", "\n", "a\r\n.\r\n")]
    public void Where_the_pieces_part_does_not_matter(string first, string second, string expected) =>
        Assert.Equal(expected, Stuff([first, second]));

    [Fact]
    public void Any_message_in_any_pieces_is_stuffed_as_line_by_line()
    {
        // Letters that matter, so that the interesting sequences are frequent.
        var piece = Gen.Elements('.', '\r', '\n', 'a').ArrayOf().Select(letters => new string(letters));
        var pieces = piece.ArrayOf().ToArbitrary();
        Prop.ForAll(pieces, parts => Stuff(parts) == StuffByLine(string.Concat(parts)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    /// <summary>RFC 5321 §4.5.2 word for word.</summary>
    private static string StuffByLine(string message)
    {
        var lines = message.Split("\r\n");
        var stuffed = string.Join("\r\n", lines.Select(line => line.StartsWith('.') ? "." + line : line));
        return stuffed + (lines[^1].Length == 0 ? "" : "\r\n") + ".\r\n";
    }

    private static string Stuff(string[] pieces)
    {
        var output = new ArrayBufferWriter<byte>();
        var stuffer = new DotStuffer();
        foreach (var piece in pieces) stuffer.Write(Encoding.Latin1.GetBytes(piece), output);
        stuffer.Complete(output);
        return Encoding.Latin1.GetString(output.WrittenSpan);
    }
}
