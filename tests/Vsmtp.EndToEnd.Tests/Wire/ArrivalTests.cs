using System.Text;
using System.Text.RegularExpressions;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Wire;

/// <summary>What is said means the same in whatever pieces it comes over a real connection, in clear and under TLS.</summary>
public sealed partial class ArrivalTests(WireSite site) : IClassFixture<WireSite>
{
    /// <summary>Octet by octet a door that reads as another does gets few dialogues.</summary>
    private static readonly IReadOnlyList<Dialogue> Few = [.. Dialogue.All.Where(dialogue => dialogue.Octets.Length < 100)];

    [Theory]
    [InlineData(Door.Client, true)]
    [InlineData(Door.StartTls, true)]
    [InlineData(Door.Submission, false)]
    [InlineData(Door.TlsFirst, false)]
    public async Task The_same_octets_in_other_pieces_are_answered_and_kept_alike(Door door, bool hasAllByOctet)
    {
        var said = Dialogue.AllInOne;
        var whole = await RunAsync(Door.Client, [said]);
        Assert.Contains("221 2.0.0", whole, StringComparison.Ordinal);
        Assert.Equal(whole, await RunAsync(door, [said]));
        Assert.Equal(whole, await RunAsync(door, Lines(said)));
        Assert.Equal(whole, await RunAsync(door, CutAnywhere(said, new Random(said.Length))));

        var slow = hasAllByOctet ? said : Dialogue.InOne(Few) + "QUIT\r\n";
        Assert.Equal(hasAllByOctet ? whole : await RunAsync(Door.Client, [slow]), await RunAsync(door, Octets(slow)));
    }

    /// <summary>What clients say, which a receiver refuses, and then a mail that comes back.</summary>
    [Fact]
    public async Task And_by_a_service_that_comes_back()
    {
        var whole = await ComeBackAsync(Dialogue.All, said => [said]);
        Assert.Contains("550 5.7.1", whole, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\ntext\r\n", whole, StringComparison.Ordinal);
        Assert.Equal(whole, await ComeBackAsync(Dialogue.All, Lines));
        Assert.Equal(whole, await ComeBackAsync(Dialogue.All, said => CutAnywhere(said, new Random(said.Length))));
        Assert.Equal(await ComeBackAsync(Few, said => [said]), await ComeBackAsync(Few, Octets));
    }

    /// <summary>All replies of the receiver, and the message that it took.</summary>
    private async Task<string> ComeBackAsync(IEnumerable<Dialogue> dialogues, Func<string, IEnumerable<string>> cut)
    {
        site.Service.Reset();
        site.Relay.Reset();
        await site.SendAsync(Messages.Clean(body: "text"));
        var sent = Assert.Single(await site.DelegatedAsync(1));
        var said = Dialogue.InOne(dialogues) + string.Concat(sent.Commands.Append("DATA").Select(command => command + "\r\n")) + sent.Text + ".\r\nQUIT\r\n";
        using var service = await site.OpenAsync(Door.Receiver);
        var replies = service.ReadToEndAsync();
        foreach (var piece in cut(said)) await service.SendAsync(piece);
        var heard = Named().Replace(await replies, "");
        Assert.EndsWith("221 2.0.0 Service closing transmission channel\r\n", heard, StringComparison.Ordinal);
        await Patience.UntilAsync(() => site.Relay.Mails.Count == 1, "the mail at the relay", () => heard);
        return heard + BodyOf(Assert.Single(site.Relay.Mails));
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
        return heard + string.Join('\n', kept.Select(BodyOf).Order(StringComparer.Ordinal));
    }

    private static string BodyOf(ReceivedMail mail) => mail.Text[mail.Text.IndexOf("\r\n\r\n", StringComparison.Ordinal)..];

    private static IEnumerable<string> Octets(string text) => text.Select(c => c.ToString());

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
