using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Pressure;

/// <summary>A server whose disk fills, and has room again.</summary>
public sealed class FullDiskTests
{
    private const int Mebibyte = 1024 * 1024;

    [Fact]
    public async Task With_little_room_new_mail_is_answered_452_while_returns_and_deliveries_go_on()
    {
        await using var site = new RunningSite(RunningSite.OneDelegation, "return_deadline: \"1h\",");
        using var disk = SmallDisk.Mount(Path.Combine(site.Site.Folder, "spool"), mebibytes: 64);
        site.Server.Settings.Add($"server.storage.free_space_min={16 * Mebibyte}");
        await site.InitializeAsync();
        var asleep = await site.SendAsync(Messages.Clean("asleep"));
        await Patience.UntilAsync(() => site.Service.Mails.Count == 1, "the mail at the service");
        using var smtp = await RawSmtp.OpenAsync(site.Site.ClientPort);

        disk.Leave(20 * Mebibyte);
        await AnsweredAsync(site, "MAIL FROM:<john@example.org> SIZE=8000000", "452 4.3.1");
        Assert.StartsWith("250", await smtp.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean("small")));
        // Room for the mail was there when it began.
        Assert.StartsWith("250", await smtp.AskAsync("MAIL FROM:<john@example.org>"));
        Assert.StartsWith("250", await smtp.AskAsync("RCPT TO:<jane@example.com>"));
        Assert.StartsWith("354", await smtp.AskAsync("DATA"));
        disk.Leave(8 * Mebibyte);
        await Patience.UntilAsync(async () => (await ServerLog.ReadAsync(site.Site)).Contains("new mail is answered 452", StringComparison.Ordinal), "a line that says so");
        await smtp.SendAsync(Messages.Clean("late") + ".\r\n");
        Assert.StartsWith("452 4.3.1", await smtp.ReadReplyAsync());
        Assert.StartsWith("452 4.3.1", await smtp.AskAsync("MAIL FROM:<john@example.org>"));

        Assert.StartsWith("250", await site.Returning.ReturnAsync(site.Service.Mails.First()));
        await site.DeliveredAsync(asleep, "asleep");

        disk.Leave(null);
        await AnsweredAsync(site, "MAIL FROM:<john@example.org>", "250");
        Assert.Contains("new mail is taken again", await ServerLog.ReadAsync(site.Site), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_even_the_last_room_is_gone_nothing_is_lost_and_all_goes_on_when_there_is_some()
    {
        await using var site = new RunningSite(RunningSite.OneDelegation, "return_deadline: \"1h\",");
        using var disk = SmallDisk.Mount(Path.Combine(site.Site.Folder, "spool"), mebibytes: 64);
        site.Server.Settings.Add("server.storage.free_space_min=0");
        await site.InitializeAsync();
        var taken = new List<string>();
        disk.Leave(8 * Mebibyte);
        using var smtp = await RawSmtp.OpenAsync(site.Site.ClientPort);
        var last = "";
        while (last.Length == 0 || last.StartsWith("250", StringComparison.Ordinal))
        {
            last = await smtp.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean($"mail {taken.Count}") + new string('x', 60_000) + "\r\n");
            if (last.StartsWith("250", StringComparison.Ordinal)) taken.Add(RawSmtp.IdOf(last));
        }

        Assert.Matches("^45[12]", last);
        Assert.NotEmpty(taken);
        Assert.True(site.Server.IsRunning, site.Server.Said);

        disk.Leave(null);
        await AnsweredAsync(site, "MAIL FROM:<john@example.org>", "250");
        await Patience.UntilAsync(() => site.Service.Mails.DistinctBy(mail => mail.Header("Subject")).Count() >= taken.Count, "all of them at the service");
        foreach (var mail in site.Service.Mails.ToArray()) await site.Returning.ReturnAsync(mail);
        foreach (var id in taken) await site.Server.WaitForAsync(id, "delivered");
    }

    /// <summary>Asks in sessions of its own until it is answered so: in one, the errors would be too many.</summary>
    private static Task AnsweredAsync(RunningSite site, string command, string expected) => Patience.UntilAsync(
        async () =>
        {
            using var smtp = await RawSmtp.OpenAsync(site.Site.ClientPort);
            return (await smtp.AskAsync(command)).StartsWith(expected, StringComparison.Ordinal);
        },
        expected);
}
