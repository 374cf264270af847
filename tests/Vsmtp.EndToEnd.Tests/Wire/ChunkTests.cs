using System.Globalization;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Wire;

/// <summary>BDAT (RFC 3030 §2) over connections: the octets of a chunk are counted, and no end of anything is looked for in them.</summary>
public sealed class ChunkTests : IClassFixture<WireSite>
{
    private const string Envelope = "MAIL FROM:<john@example.org>\r\nRCPT TO:<jane@example.com>\r\n";
    private const string Smuggled = "MAIL FROM:<evil@example.org>\r\nRCPT TO:<jane@example.com>\r\nDATA\r\nSubject: evil\r\n\r\nevil\r\n.\r\n";

    private readonly WireSite _site;

    public ChunkTests(WireSite site)
    {
        _site = site;
        _site.Service.Reset();
    }

    [Theory, InlineData(Door.Client), InlineData(Door.Submission), InlineData(Door.StartTls), InlineData(Door.TlsFirst)]
    public async Task Chunks_are_announced_and_content_without_lines_is_not(Door door)
    {
        using var client = await _site.OpenAsync(door);
        var announced = (await client.AskAsync("EHLO client.example.org")).Split('\n').Select(line => line[4..].Split(' ')[0]).ToArray();
        Assert.Contains("CHUNKING", announced);
        Assert.Contains("8BITMIME", announced);
        Assert.DoesNotContain("BINARYMIME", announced);
        Assert.Matches("^5[0-9][0-9] 5\\.5\\.4 ", await client.AskAsync("MAIL FROM:<john@example.org> BODY=BINARYMIME"));
        Assert.StartsWith("503", await client.AskAsync("RCPT TO:<jane@example.com>"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.AskAsync("MAIL FROM:<john@example.org> BODY=8BITMIME"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.AskAsync("RCPT TO:<jane@example.com>"), StringComparison.Ordinal);
        await client.SendAsync("BDAT 15 LAST\r\nSubject: \xE9\r\n\r\n\xFF");
        Assert.StartsWith("250 2.0.0 Ok: queued as ", await client.ReadReplyAsync(), StringComparison.Ordinal);
        Assert.EndsWith("\r\nSubject: \xE9\r\n\r\n\xFF\r\n", Assert.Single(await _site.DelegatedAsync(1)).Text, StringComparison.Ordinal);
    }

    /// <summary>The lone dot and what may stand in its place, at one door each.</summary>
    [Theory]
    [InlineData(Door.Client, ".")]
    [InlineData(Door.Submission, "\0.")]
    [InlineData(Door.StartTls, ".\0")]
    [InlineData(Door.TlsFirst, "..")]
    [InlineData(Door.Client, ". ")]
    [InlineData(Door.Client, " .")]
    public async Task In_a_chunk_nothing_is_an_end(Door door, string dot)
    {
        using var client = await _site.OpenAsync(door);
        var taken = new Dictionary<string, string>();
        foreach (var (end, i) in FalseEnds.With(dot).Select((end, i) => (end, i)))
        {
            var message = $"Subject: {door} {i}\r\n\r\ngood{end}{Smuggled}";
            await client.SendAsync($"{Envelope}BDAT {Length(message)} LAST\r\n{message}NOOP\r\n");
            await AssertRepliesAsync(client, end, "250 2.1.0", "250 2.1.5", IsClean(message) ? "250 2.0.0 Ok: queued" : "550 5.6.0", "250 2.0.0 Ok");
            if (IsClean(message)) taken.Add($"{door} {i}", message);
        }

        await AssertTakenAsync(taken);
    }

    /// <summary>What a chunk leaves open is ended by the next one, and by nothing else.</summary>
    [Fact]
    public async Task A_CR_at_the_end_of_a_chunk_is_half_of_a_line_end_or_none()
    {
        using var client = await _site.OpenAsync(Door.Client);
        var taken = new Dictionary<string, string>();
        foreach (var (end, cut) in FalseEnds.Plain.SelectMany(end => Enumerable.Range(1, end.Length - 1).Select(cut => (end, cut))).Where(one => one.end[one.cut - 1] == '\r'))
        {
            var (first, last) = ($"Subject: {taken.Count}\r\n\r\ngood{end[..cut]}", end[cut..] + Smuggled);
            await client.SendAsync($"{Envelope}BDAT {Length(first)}\r\n{first}BDAT {Length(last)} LAST\r\n{last}RSET\r\n");
            var seen = IsClean(first[..^1]) ? $"250 2.0.0 {Length(first)} octets" : "550 5.6.0";
            var whole = !seen.StartsWith('2') ? "503 5.5.1" : IsClean(first + last) ? "250 2.0.0 Ok: queued" : "550 5.6.0";
            await AssertRepliesAsync(client, end, "250 2.1.0", "250 2.1.5", seen, whole, "250 2.0.0 Ok");
            if (IsClean(first + last)) taken.Add($"{taken.Count}", first + last);
        }

        Assert.NotEmpty(taken);
        await AssertTakenAsync(taken);
    }

    private static async Task AssertRepliesAsync(TlsClient client, string end, params string[] expected)
    {
        foreach (var start in expected)
        {
            var reply = await client.ReadReplyAsync();
            Assert.True(reply.StartsWith(start, StringComparison.Ordinal), $"{FalseEnds.Shown(end)}: {reply}, not {start}");
        }
    }

    private async Task AssertTakenAsync(Dictionary<string, string> taken)
    {
        var mails = await _site.DelegatedAsync(taken.Count);
        Assert.Equal(taken.Keys.Order(StringComparer.Ordinal), mails.Select(mail => mail.Header("Subject")!).Order(StringComparer.Ordinal));
        Assert.All(mails, mail =>
        {
            Assert.Equal("john@example.org", mail.Sender);
            Assert.EndsWith(taken[mail.Header("Subject")!], mail.Text, StringComparison.Ordinal);
        });
    }

    private static bool IsClean(string octets) => !octets.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n', '\0');

    private static string Length(string octets) => octets.Length.ToString(CultureInfo.InvariantCulture);
}
