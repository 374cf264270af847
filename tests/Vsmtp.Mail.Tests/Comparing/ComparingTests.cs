using System.Text;
using Vsmtp.Mail.Comparing;
using Vsmtp.Mail.Headers;

namespace Vsmtp.Mail.Tests.Comparing;

public sealed class ComparingTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("a b c", "a b c", "")]
    [InlineData("", "a", "@@ -0,0 +1,1 @@|+a")]
    [InlineData("a", "", "@@ -1,1 +0,0 @@|-a")]
    [InlineData("a b c", "a x c", "@@ -1,3 +1,3 @@| a|-b|+x| c")]
    [InlineData("1 2 3 4 5 6 7 8 9", "1 2 3 4 5 6 7 8 9 10", "@@ -7,3 +7,4 @@| 7| 8| 9|+10")]
    [InlineData("1 2 3 4 5 6 7 8 9", "0 1 2 3 4 5 6 7 8", "@@ -1,3 +1,4 @@|+0| 1| 2| 3@@ -6,4 +7,3 @@| 6| 7| 8|-9")]
    public void Texts_are_compared_as_diff_does_it(string before, string after, string expected)
    {
        var lines = LineDiff.Unified(Words(before), Words(after))!.Value;
        Assert.Equal(expected, string.Join('|', lines).Replace("|@@ -", "@@ -", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_difference_made_on_the_first_text_gives_the_second(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var before = Enumerable.Range(0, random.Next(30)).Select(_ => $"{random.Next(6)}").ToList();
            var after = before.Where(_ => random.Next(5) > 0).SelectMany(line => random.Next(5) == 0 ? new[] { line, $"{random.Next(6)}" } : [line]).ToList();
            Assert.Equal(after, Patched(before, LineDiff.Unified(before, after)!.Value));
        }
    }

    [Fact]
    public void Texts_that_differ_too_much_have_no_difference_to_be_shown()
    {
        var before = Enumerable.Range(0, 20_000).Select(i => $"a{i}").ToList();
        Assert.Null(LineDiff.Unified(before, [.. before.Select(line => line + "!")]));
        Assert.Equal(9, LineDiff.Unified(before, [.. before.Select(line => line == "a500" ? "!" : line)])!.Value.Length);
    }

    [Fact]
    public void Headers_are_added_removed_and_changed_by_name_and_folds_count()
    {
        var differences = HeaderDifference.Of(
            Block("A: 1\r\nB: 1\r\nSame: 1\r\nC: 1\r\nC: 2\r\nD: x y\r\n\r\n"),
            Block("New: 1\r\nsame: 1\r\nSame: 1\r\nB: 2\r\nC: 2\r\nC: 1\r\nD: x\r\n y\r\n\r\n"));

        Assert.Equal(
            ["A -1 +0", "B -1 +1", "Same -0 +1", "D -1 +1", "New -0 +1"],
            differences.Select(d => $"{d.Name} -{d.Before.Length} +{d.After.Length}"));
    }

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("\u001b[31mred\u0007", "\\x1B[31mred\\x07")]
    [InlineData("a\\b\tc\r\n", "a\\\\b\\x09c\\x0D\\x0A")]
    [InlineData("Gr\u00fc\u00dfe \u6f22", "Gr\u00fc\u00dfe \u6f22")]
    [InlineData("a\u202eb", "a\\xE2\\x80\\xAEb")]
    public void Text_of_strangers_steers_nothing(string text, string expected) =>
        Assert.Equal(expected, SafeText.Of(Encoding.UTF8.GetBytes(text), 100));

    [Fact]
    public void Octets_that_are_no_text_are_shown_as_octets_and_long_ones_are_cut()
    {
        Assert.Equal("\\xFFa\\xC3", SafeText.Of([0xFF, (byte)'a', 0xC3], 100));
        Assert.Equal("aaaaa… (50 octets)", SafeText.Of(Encoding.ASCII.GetBytes(new string('a', 50)), 5));
        Assert.False(SafeText.IsText("a\0b"u8));
        Assert.False(SafeText.IsText([1, 2, 3, 4]));
        Assert.True(SafeText.IsText("\tplain\r\n"u8));
    }

    private static List<string> Patched(List<string> before, IEnumerable<string> hunks)
    {
        var (lines, at) = (new List<string>(), 0);
        foreach (var line in hunks)
        {
            if (line.StartsWith("@@", StringComparison.Ordinal))
            {
                var numbers = line.Split(' ')[1][1..].Split(',');
                var start = int.Parse(numbers[0]) - (numbers[1] == "0" ? 0 : 1);
                while (at < start) lines.Add(before[at++]);
            }
            else if (line[0] == '+')
            {
                lines.Add(line[1..]);
            }
            else
            {
                Assert.Equal(before[at++], line[1..]);
                if (line[0] == ' ') lines.Add(line[1..]);
            }
        }

        return [.. lines, .. before.Skip(at)];
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static HeaderBlock Block(string text) => HeaderBlock.Parse(Encoding.Latin1.GetBytes(text));
}
