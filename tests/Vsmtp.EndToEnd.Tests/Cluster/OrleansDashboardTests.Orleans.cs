using System.Net;
using System.Text.Json;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Cluster;

/// <summary>Orleans' own dashboard, on silos.</summary>
public sealed class OrleansDashboardTests
{
    [Fact]
    public async Task It_shows_the_grains_and_their_methods_while_mail_flows_and_nothing_of_the_local_API()
    {
        var port = FreePorts.Take(1)[0];
        await using var cluster = await ClusterSite.CreateAsync(new TestSite("#{}"), silos: 1);
        await using var relay = new ScriptedServer(cluster.Site.RelayPort);
        var silo = cluster.Silos[0];
        silo.Settings.Add($"server.dashboard.addr=127.0.0.1:{port}");
        await Task.WhenAll(cluster.All.Select(process => process.StartAsync()));
        Assert.Contains($"dashboard on http://127.0.0.1:{port}/orleans/", silo.Said, StringComparison.Ordinal);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };

        Assert.Contains("<html", await http.GetStringAsync("orleans/"), StringComparison.OrdinalIgnoreCase);
        await Patience.UntilAsync(
            async () =>
            {
                await RawSmtp.SendOneAsync(cluster.Site.ClientPort, Messages.Clean("hello"));
                return Names(await http.GetStringAsync("orleans/DashboardCounters")).Any(type => type.EndsWith("MailGrain", StringComparison.Ordinal))
                    && (await http.GetStringAsync("orleans/GrainStats/Vsmtp.Grains.Mail.MailGrain")).Contains("Accept", StringComparison.Ordinal);
            },
            "the grain of mails and its method Accept");

        foreach (var path in (string[])["v1/counters", "v1/mails", "orleans/../v1/counters"])
        {
            using var answer = await http.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        // Senders, recipients and subjects are for those who may open the API's socket.
        using var state = await http.GetAsync("orleans/GrainState?grainId=m-1&grainType=Vsmtp.Grains.Mail.MailGrain");
        Assert.Equal(HttpStatusCode.NotFound, state.StatusCode);
        using var trace = await http.GetAsync("orleans/Trace");
        Assert.Equal(HttpStatusCode.Forbidden, trace.StatusCode);
        Assert.Contains("overdue", await http.GetStringAsync("orleans/Reminders"), StringComparison.Ordinal);

        using var foreign = new HttpRequestMessage(HttpMethod.Get, "orleans/") { Headers = { Host = "rebound.example.net" } };
        using var refused = await http.SendAsync(foreign);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, refused.StatusCode);
    }

    private static IEnumerable<string> Names(string counters) =>
        JsonDocument.Parse(counters).RootElement.GetProperty("simpleGrainStats").EnumerateArray().Select(grain => grain.GetProperty("grainType").GetString()!);
}
