using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Smtp.Tests.Client;

namespace Vsmtp.EndToEnd.Tests.Delegation;

/// <summary>STARTTLS towards a service: what must not go in clear waits, and says why.</summary>
public sealed class SecuredServiceTests : IDisposable
{
    private const string Keys = """
        proof: ["X-Scanned"],
        retry: #{ first: "1s", max: "1s", give_up: "1h" },
        """;

    private readonly ScriptedCertificates _certificates = new();
    private readonly string _authority = Path.GetTempFileName();

    public SecuredServiceTests() => File.WriteAllText(_authority, _certificates.Pem);

    public void Dispose()
    {
        File.Delete(_authority);
        _certificates.Dispose();
    }

    private static async Task<RunningSite> StartAsync(string tls)
    {
        var site = await RunningSite.StartAsync(RunningSite.OneDelegation, $"{Keys} {tls}");
        site.Service.OnMail = async mail => await site.Returning.ReturnAsync(mail);
        return site;
    }

    private static async Task WaitsAsync(RunningSite site, string id, string why) => await Patience.UntilAsync(
        async () => (await site.Server.Api.FindAsync(id))!.Mail is { Queue: "delegated", Attempts: >= 2 } mail
            && mail.Reason.Contains(why, StringComparison.Ordinal),
        $"two attempts and in the queue delegated the reason: {why}");

    [Fact]
    public async Task A_service_that_proves_who_it_is_gets_mails_and_no_other()
    {
        await using var site = await StartAsync($"tls: \"verify\", tls_ca: \"{_authority}\",");
        site.Service.Shown = _certificates.Make("scanner.example", "192.0.2.1");
        var id = await site.SendAsync(Messages.Clean("verified"));
        await WaitsAsync(site, id, "TLS failed");
        Assert.Empty(site.Service.Seen);

        site.Service.Shown = _certificates.Make("127.0.0.1");
        await site.DeliveredAsync(id, "verified");
        Assert.Single(site.Service.Seen);
    }

    [Fact]
    public async Task Where_tls_is_a_must_nothing_goes_in_clear()
    {
        var commands = 0;
        await using var site = await StartAsync("tls: \"encrypt\",");
        site.Service.OnCommand = _ =>
        {
            Interlocked.Increment(ref commands);
            return "250 2.0.0 Ok";
        };
        var id = await site.SendAsync(Messages.Clean("encrypted"));
        await WaitsAsync(site, id, "does not announce STARTTLS");
        Assert.Equal(0, commands);

        site.Service.Shown = _certificates.MakeSelfSigned("whoever.example");
        await site.DeliveredAsync(id, "encrypted");
        Assert.Equal(2, commands);
    }

    [Fact]
    public async Task Where_tls_is_a_may_it_is_used_where_it_is()
    {
        await using var site = await StartAsync("tls: \"may\",");
        await site.DeliveredAsync(await site.SendAsync(Messages.Clean("in clear")), "in clear");

        site.Service.Shown = _certificates.MakeSelfSigned("whoever.example");
        await site.DeliveredAsync(await site.SendAsync(Messages.Clean("whichever")), "whichever");
    }
}
