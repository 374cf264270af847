using System.Security.Cryptography;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Storage.Tests.Crash;

/// <summary>What a <see cref="MailWriter"/> said of a mail: it knew this to be durable.</summary>
internal sealed record Said(string Id, MailPhase Phase, int Events, ContentId Content)
{
    public static Said Parse(string line) => line.Split(' ') is [var id, var phase, var events, var key, var length, var sha256]
        ? new Said(id, Enum.Parse<MailPhase>(phase), int.Parse(events), new ContentId(key, long.Parse(length), sha256))
        : throw new FormatException(line);

    /// <summary>The last that was said of each mail.</summary>
    public static Dictionary<string, Said> Last(IEnumerable<string> lines) =>
        lines.Select(Parse).GroupBy(one => one.Id).ToDictionary(mail => mail.Key, mail => mail.MaxBy(one => one.Events)!);

    /// <summary>Looks for it in the store: row, history, bytes.</summary>
    public async Task CheckAsync(IMailStore store, string when)
    {
        var mail = await store.Queries.FindAsync(Id, CancellationToken.None);
        Assert.True(mail is not null, $"{when}: {Id} is lost.");

        // The store may be one step further than what the process lived to say.
        Assert.True(mail.Events.Length == Events || mail.Events.Length == Events + 1, $"{when}: {this} has {mail.Events.Length} events.");
        Assert.Equal(Enumerable.Range(0, mail.Events.Length).Select(number => $"event-{number}"), mail.Events.Select(one => one.What));
        if (mail.Events.Length == Events) Assert.Equal(Phase, mail.State.Phase);
        if (MailQueue.IsEnded(mail.State.Phase)) return;
        await using var stream = await store.Contents.OpenReadAsync(Content, CancellationToken.None);
        Assert.Equal(Content.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(stream)));
    }
}
