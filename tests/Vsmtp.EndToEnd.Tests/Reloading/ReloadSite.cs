using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Reloading;

/// <summary>A site whose rules change while it runs. The service takes every mail and brings none back until the test does.</summary>
internal sealed class ReloadSite : RunningSite
{
    private ReloadSite(string rules)
        : base(rules, """proof: ["X-Scanned"], retry: #{ first: "1s", max: "1s", give_up: "1h" },""") => Service.Answer("250 2.0.0 Queued");

    /// <summary>Rules that delegate at a directive of this name and then mark the mail.</summary>
    public static string Marking(string mark, string directive = "scan", string stage = "postq") => $$"""
        import "service" as service;

        #{
            {{stage}}: [
                delegate service::clamsmtpd "{{directive}}" || next(),
                action "mark" || append_header("X-Rules", "{{mark}}"),
            ],
        }
        """;

    /// <param name="launcher">As <see cref="ServerProcess.Launcher"/>.</param>
    public static async Task<ReloadSite> StartAsync(string rules, params string[] launcher)
    {
        var site = new ReloadSite(rules);
        site.Server.Launcher = launcher;
        try
        {
            await site.InitializeAsync();
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>Changes the rules, sends SIGHUP and waits for what the server says to that.</summary>
    /// <param name="answer">How its line begins.</param>
    public async Task ReloadAsync(string rules, string answer = "reloaded rules")
    {
        Site.Write("main.vsl", rules);
        var before = Count(answer);
        Server.HangUp();
        await Patience.UntilAsync(() => Count(answer) > before, $"the server says '{answer}'", () => Server.Said);
    }

    /// <summary>Sends a mail and waits until it sleeps at the service.</summary>
    public async Task<string> SleepAsync(string subject)
    {
        var id = await SendAsync(Messages.Clean(subject));
        await Patience.UntilAsync(
            async () => (await Server.Api.FindAsync(id))?.Events.Any(e => e.What == "sent") == true, $"{subject} sleeps at the service", () => Server.Said);
        return id;
    }

    /// <summary>The service brings the mail back; it is delivered.</summary>
    public async Task<ReceivedMail> ReturnAsync(string id, string subject)
    {
        var sent = Service.Mails.Last(mail => mail.Header("Subject") == subject);
        Assert.StartsWith("250", await Returning.ReturnAsync(sent));
        return await DeliveredAsync(id, subject);
    }

    private int Count(string answer) => Server.Said.Split(Environment.NewLine).Count(line => line.StartsWith(answer, StringComparison.Ordinal));
}
