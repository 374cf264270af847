using Microsoft.Data.Sqlite;
using SQLitePCL;
using Vsmtp.EndToEnd.Tests.InAndOut;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Pressure;

/// <summary>A server whose SQLite file another program keeps locked.</summary>
public sealed class LockedFileTests(PlainSite site) : IClassFixture<PlainSite>
{
    [Fact]
    public async Task While_another_program_has_the_file_locked_clients_are_refused_and_then_served_again()
    {
        Batteries_V2.Init();
        using var waiting = await RawSmtp.OpenAsync(site.Site.ClientPort);
        Task<string> sending;
        await using (var other = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(site.Site.Folder, "spool", "vsmtp.db"),
            Pooling = false,
        }.ToString()))
        {
            await other.OpenAsync(TestContext.Current.CancellationToken);
            await using var writes = other.BeginTransaction(deferred: false);
            sending = waiting.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean("waiting"));
            await Patience.UntilAsync(
                async () =>
                {
                    var (smtp, greeting) = await RawSmtp.ConnectAsync(site.Site.ClientPort);
                    using (smtp) return greeting.StartsWith("421 4.3.2", StringComparison.Ordinal);
                },
                "421 in place of the greeting");
        }

        await Patience.UntilAsync(
            async () =>
            {
                var (smtp, greeting) = await RawSmtp.ConnectAsync(site.Site.ClientPort);
                using (smtp) return greeting.StartsWith("220", StringComparison.Ordinal);
            },
            "a greeting");
        var id = await site.SendAsync(Messages.Clean("after"));
        await site.DeliveredAsync(id, "after");
        // It was accepted or is told to come again; either is true.
        var answer = await sending;
        Assert.Matches("^(250|451)", answer);
        if (answer.StartsWith("250", StringComparison.Ordinal)) await site.DeliveredAsync(RawSmtp.IdOf(answer), "waiting");
        else Assert.DoesNotContain(site.Relay.Seen, mail => mail.Header("Subject") == "waiting");
    }
}
