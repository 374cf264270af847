using System.Collections.Concurrent;
using Vsmtp.EndToEnd.Tests.Postgres;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Storage.Tests.Postgres;

namespace Vsmtp.EndToEnd.Tests.Pressure;

/// <summary>A server whose PostgreSQL is killed beneath it, and comes back.</summary>
public sealed class DatabaseLossTests
{
    [Fact]
    public async Task Without_its_database_a_server_refuses_politely_and_serves_again_by_itself_when_it_is_back()
    {
        await using var site = await PostgresSite.StartAsync();
        var server = site.Site.Server;
        using var session = await RawSmtp.OpenAsync(site.Site.Site.ClientPort);
        using var begun = await RawSmtp.OpenAsync(site.Site.Site.ClientPort);
        Assert.StartsWith("250", await begun.AskAsync("MAIL FROM:<john@example.org>"));
        Assert.StartsWith("250", await begun.AskAsync("RCPT TO:<jane@example.com>"));
        var asleep = await site.Site.SendAsync(Messages.Clean("asleep"));
        await Patience.UntilAsync(() => site.Site.Service.Mails.Count == 1, "the mail at the service");
        await server.WaitForAsync(asleep, "delegated");
        using var service = await RawSmtp.OpenAsync(site.Site.Site.ReceiverPort);

        site.Database.Kill();
        foreach (var port in new[] { site.Site.Site.ClientPort, site.Site.Site.ReceiverPort }) await RefusedAsync(port);
        Assert.StartsWith("250", await session.AskAsync("NOOP"));
        Assert.StartsWith("451 4.3.0", await session.AskAsync("MAIL FROM:<john@example.org>"));
        Assert.StartsWith("250", await session.AskAsync("RSET"));
        Assert.StartsWith("451 4.3.0", await begun.AskAsync("DATA"));
        Assert.StartsWith("451 4.3.0", await service.AskAsync("MAIL FROM:<john@example.org>"));
        Assert.StartsWith("221", await service.AskAsync("QUIT"));
        Assert.Contains("its mail store is away", (await site.Site.RunAsync("queue", "list")).Error, StringComparison.Ordinal);
        Assert.True(server.IsRunning, server.Said);

        await site.Database.StartAsync();
        await ServedAsync(site.Site.Site.ClientPort);
        Assert.StartsWith("250", await session.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean("after")));
        Assert.StartsWith("250", await site.Site.Returning.ReturnAsync(site.Site.Service.Mails.First()));
        await site.Site.DeliveredAsync(asleep, "asleep");
        Assert.True(server.IsRunning, server.Said);
        var log = await ServerLog.ReadAsync(site.Site.Site);
        Assert.Single(log.Split('\n'), line => line.Contains("The mail store is away", StringComparison.Ordinal));
        Assert.Single(log.Split('\n'), line => line.Contains("The mail store is well again", StringComparison.Ordinal));
        Assert.DoesNotContain(PostgresServer.Password, log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_on_the_wire_when_the_database_goes_is_reported_when_it_is_back_and_not_sent_again()
    {
        await using var site = await PostgresSite.StartAsync();
        var answers = new ConcurrentBag<TaskCompletionSource<string?>>();
        site.Site.Relay.OnMail = _ =>
        {
            var answer = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
            answers.Add(answer);
            return answer.Task;
        };
        site.Site.Service.OnMail = async mail =>
        {
            _ = site.Site.Returning.ReturnAsync(mail);
            await Task.Yield();
            return "250 2.0.0 Taken";
        };
        var id = await site.Site.SendAsync(Messages.Clean("on the wire"));
        await Patience.UntilAsync(() => !answers.IsEmpty, "the mail at the relay host");

        site.Database.Kill();
        await RefusedAsync(site.Site.Site.ClientPort);
        answers.Single().SetResult("250 2.0.0 Taken");
        await site.Database.StartAsync();
        await ServedAsync(site.Site.Site.ClientPort);

        await site.Site.DeliveredAsync(id, "on the wire");
        Assert.Single(site.Site.Relay.Seen);
    }

    [Fact]
    public async Task Under_load_nothing_that_was_accepted_is_lost_though_the_database_is_killed_again_and_again()
    {
        await using var site = await PostgresSite.StartAsync();
        site.Site.Service.OnMail = mail =>
        {
            _ = BringBackAsync(site.Site, mail);
            return Task.FromResult<string?>("250 2.0.0 Taken");
        };
        using var enough = new CancellationTokenSource();
        var accepted = new ConcurrentDictionary<string, string>();
        var clients = Enumerable.Range(0, 4).Select(client => SendAsync(site.Site.Site.ClientPort, client, accepted, enough.Token)).ToArray();

        for (var kill = 1; kill <= 3; kill++)
        {
            var before = accepted.Count;
            await Patience.UntilAsync(() => accepted.Count >= before + 30, $"30 mails more before kill {kill}", () => site.Site.Server.Said);
            site.Database.Kill();
            await site.Database.StartAsync();
        }

        await enough.CancelAsync();
        await Task.WhenAll(clients);
        await ServedAsync(site.Site.Site.ClientPort);
        foreach (var (id, subject) in accepted)
        {
            await site.Site.Server.WaitForAsync(id, "delivered");
            Assert.Contains(site.Site.Relay.Mails, mail => mail.Header("Subject") == subject);
        }

        await Patience.UntilAsync(async () => (await site.Site.Server.Api.ListAsync(queue: null)).IsEmpty, "empty queues");
        Assert.True(site.Site.Server.IsRunning, site.Site.Server.Said);
    }

    private static async Task RefusedAsync(int port) => await Patience.UntilAsync(
        async () =>
        {
            var (smtp, greeting) = await RawSmtp.ConnectAsync(port);
            using (smtp)
            {
                if (!greeting.StartsWith("421 4.3.2", StringComparison.Ordinal)) return false;
                Assert.Equal("", await smtp.ReadToEndAsync());
                return true;
            }
        },
        "421 in place of the greeting");

    private static Task ServedAsync(int port) => Patience.UntilAsync(
        async () =>
        {
            var (smtp, greeting) = await RawSmtp.ConnectAsync(port);
            using (smtp) return greeting.StartsWith("220", StringComparison.Ordinal);
        },
        "a greeting");

    /// <summary>The service tries until the receiver takes it.</summary>
    private static async Task BringBackAsync(RunningSite site, ReceivedMail mail)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            try
            {
                var (smtp, greeting) = await RawSmtp.ConnectAsync(site.Site.ReceiverPort);
                using (smtp)
                {
                    if (greeting.StartsWith("220", StringComparison.Ordinal)
                        && (await smtp.AskAsync("EHLO service.example")).StartsWith("250", StringComparison.Ordinal)
                        && (await ReturningService.ReturnAsync(smtp, mail.Commands, mail.Text)).StartsWith("250", StringComparison.Ordinal)) return;
                }
            }
            catch (IOException)
            {
                // Cut off: it comes again.
            }

            await Task.Delay(100);
        }
    }

    /// <summary>Sends each mail until it is accepted, or until it is not known whether it was.</summary>
    private static async Task SendAsync(int port, int client, ConcurrentDictionary<string, string> accepted, CancellationToken enough)
    {
        for (var number = 0; !enough.IsCancellationRequested; number++)
        {
            var subject = $"mail {client}.{number}";
            var (smtp, greeting) = await RawSmtp.ConnectAsync(port);
            using (smtp)
            {
                if (!greeting.StartsWith("220", StringComparison.Ordinal))
                {
                    await Task.Delay(50, CancellationToken.None);
                    continue;
                }

                await smtp.AskAsync("EHLO client.example.org");
                var reply = await smtp.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean(subject));
                Assert.Matches("^(250|421|451|452|$)", reply);
                if (reply.StartsWith("250", StringComparison.Ordinal)) accepted[RawSmtp.IdOf(reply)] = subject;
            }
        }
    }
}
