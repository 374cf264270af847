using System.Text;
using System.Text.RegularExpressions;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Wire;

/// <summary>What is said means the same in whatever pieces it comes over a real connection, in clear and under TLS.</summary>
public sealed partial class ArrivalTests(WireSite site) : IClassFixture<WireSite>
{
    [Fact]
    public async Task The_same_octets_in_other_pieces_are_answered_and_kept_alike()
    {
        var said = Dialogue.AllInOne;
        var whole = await RunAsync(Door.Client, [said]);
        Assert.Contains("221 2.0.0", whole, StringComparison.Ordinal);
        foreach (var door in new[] { Door.Client, Door.StartTls })
        {
            Assert.Equal(whole, await RunAsync(door, Lines(said)));
            Assert.Equal(whole, await RunAsync(door, said.Select(c => c.ToString())));
            var random = new Random(said.Length);
            Assert.Equal(whole, await RunAsync(door, CutAnywhere(said, random)));
        }
    }

    /// <summary>All replies, without what names a mail or the connection, and all messages that were kept.</summary>
    private async Task<string> RunAsync(Door door, IEnumerable<string> pieces)
    {
        site.Service.Reset();
        using var client = await site.OpenAsync(door);
        var replies = client.ReadToEndAsync();
        foreach (var piece in pieces) await client.SendAsync(piece);
        var heard = Named().Replace(await replies, "");
        var kept = await site.DelegatedAsync(Regex.Count(heard, "^250 2.0.0 Ok: queued", RegexOptions.Multiline));
        var bodies = kept.Select(mail => mail.Text[mail.Text.IndexOf("\r\n\r\n", StringComparison.Ordinal)..]);
        return heard + string.Join('\n', bodies.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Lines(string text) => text.Split("\r\n").SkipLast(1).Select(line => line + "\r\n");

    private static IEnumerable<string> CutAnywhere(string text, Random random)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = Math.Min(text.Length, start + (random.Next(4) == 0 ? random.Next(1, 3000) : random.Next(1, 9)));
            yield return text[start..end];
            start = end;
        }
    }

    /// <summary>Ids of mails, and what EHLO announces: STARTTLS is not offered under TLS.</summary>
    [GeneratedRegex(@"m-[0-9a-z-]+|(?<=250-mx\.example\.com\r\n)(250-.*\r\n)*250 .*\r\n", RegexOptions.IgnoreCase)]
    private static partial Regex Named();
}
