using System.Text;
using Vsmtp.Mail.Text;

namespace Vsmtp.Mail.Tests.Text;

public sealed class QuotedPrintableTests
{
    [Theory]
    [InlineData("plain\r\ntext\r\n", false)]
    [InlineData("", false)]
    [InlineData("no end of line", false)]
    [InlineData("grün\r\n", true)]
    [InlineData("bare\nLF", true)]
    [InlineData("bare\rCR", true)]
    [InlineData("nul\0", true)]
    public void It_is_needed_for_what_cannot_go_as_it_is(string text, bool isNeeded) =>
        Assert.Equal(isNeeded, QuotedPrintable.IsNeeded(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void It_is_needed_for_a_line_that_is_too_long()
    {
        Assert.False(QuotedPrintable.IsNeeded(Encoding.ASCII.GetBytes(new string('a', 998) + "\r\n")));
        Assert.True(QuotedPrintable.IsNeeded(Encoding.ASCII.GetBytes(new string('a', 999) + "\r\n")));
    }

    [Theory]
    [InlineData("a=b", "a=3Db")]
    [InlineData("grün", "gr=C3=BCn")]
    [InlineData("blank \r\ntab\t\r\n in between", "blank=20\r\ntab=09\r\n in between")]
    [InlineData("x\ny", "x=0Ay")]
    public void Text_is_encoded_as_RFC_2045_says(string text, string encoded) =>
        Assert.Equal(encoded, Encoding.ASCII.GetString(QuotedPrintable.Encode(Encoding.UTF8.GetBytes(text))));

    [Fact]
    public void What_is_encoded_is_short_in_each_line_and_decodes_to_what_it_was()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var octets = new byte[random.Next(400)];
            random.NextBytes(octets);
            if (round % 2 == 0) for (var i = 0; i < octets.Length; i++) octets[i] = (byte)" =ab\t\r\nü"[octets[i] % 8];
            var encoded = Encoding.ASCII.GetString(QuotedPrintable.Encode(octets));
            Assert.All(encoded.Split("\r\n"), line => Assert.InRange(line.Length, 0, 76));
            Assert.All(encoded.Split("\r\n"), line => Assert.False(line.EndsWith(' ') || line.EndsWith('\t')));
            Assert.Equal(octets, Decode(encoded));
        }
    }

    private static byte[] Decode(string encoded)
    {
        var text = encoded.Replace("=\r\n", "", StringComparison.Ordinal);
        var octets = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '=')
            {
                octets.Add((byte)text[i]);
                continue;
            }

            octets.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
            i += 2;
        }

        return [.. octets];
    }
}
