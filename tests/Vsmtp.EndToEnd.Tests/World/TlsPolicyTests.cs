using Vsmtp.Delivery.Tests.Support;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Smtp.Tests.Client;

namespace Vsmtp.EndToEnd.Tests.World;

/// <summary>A domain that says by MTA-STS how its mail must come (RFC 8461): the program, real names, a real web server.</summary>
public sealed class TlsPolicyTests
{
    private const string Policy = "version: STSv1\r\nmode: enforce\r\nmx: *.sts.example\r\nmax_age: 604800\r\n";

    [Fact]
    public async Task Its_mail_goes_only_to_who_proves_to_be_its_server_also_after_a_restart_at_which_nobody_says_so_any_more()
    {
        using var certificates = new ScriptedCertificates();
        var authorities = Path.GetTempFileName();
        await File.WriteAllTextAsync(authorities, certificates.Pem);
        var host = await PolicyHost.StartAsync(certificates.Make("mta-sts.sts.example"), Policy);
        try
        {
            await using var world = await World.StartAsync(
                servers: 1, """
                mx-host=sts.example,mx.sts.example,10
                host-record=mx.sts.example,{0}
                host-record=mta-sts.sts.example,127.0.0.1
                txt-record=_mta-sts.sts.example,"v=STSv1; ","id=20261126;"
                """, deliveryKeys: $"mta_sts_port = {host.Port}", authorities: authorities);
            world[0].Shown = certificates.Make("mx.sts.example");
            var first = await world.SendAsync("john@sender.example", Messages.Clean(), "a@sts.example");
            await world.Server.WaitForAsync(first, "delivered");
            Assert.Equal(1, host.Requests);

            await world.Server.KillAsync();
            await host.DisposeAsync();
            await world.Server.StartAsync();
            world[0].Shown = null;
            var second = await world.SendAsync("john@sender.example", Messages.Clean(), "b@sts.example");
            var held = await world.Server.WaitForAsync(second, "deferred");
            Assert.Contains("MTA-STS policy of sts.example: mx.sts.example", held.Mail.Reason, StringComparison.Ordinal);
            Assert.Contains("does not announce STARTTLS", held.Mail.Reason, StringComparison.Ordinal);
            Assert.Single(world[0].Mails);

            world[0].Shown = certificates.Make("mx.sts.example");
            await world.Server.WaitForAsync(second, "delivered");
            Assert.Equal(2, world[0].Mails.Count);
        }
        finally
        {
            await host.DisposeAsync();
            File.Delete(authorities);
        }
    }
}
