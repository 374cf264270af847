using Vsmtp.Dashboard.Api;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Smtp.Tests.Client;

namespace Vsmtp.EndToEnd.Tests.World;

/// <summary><c>[server.delivery.tls]</c>: what a site asks of the servers of a domain, which a real name server knows.</summary>
public sealed class OutgoingTlsTests : IDisposable
{
    private readonly ScriptedCertificates _certificates = new();
    private readonly string _authorities = Path.GetTempFileName();

    public OutgoingTlsTests() => File.WriteAllText(_authorities, _certificates.Pem);

    public void Dispose()
    {
        File.Delete(_authorities);
        _certificates.Dispose();
    }

    private Task<World> StartAsync(int servers, string zone, string deliveryKeys, params string[] settings) =>
        World.StartAsync(servers, zone, deliveryKeys: deliveryKeys, authorities: _authorities, settings: settings);

    private static async Task<ApiMailDetails> SendAsync(World world, string recipient, string queue) =>
        await world.Server.WaitForAsync(await world.SendAsync("john@sender.example", Messages.Clean(), recipient), queue);

    [Fact]
    public async Task May_goes_on_in_clear_where_the_handshake_is_broken_and_none_does_not_try_it()
    {
        await using var world = await StartAsync(2, """
            mx-host=broken.example,mx.broken.example,10
            host-record=mx.broken.example,{0}
            mx-host=none.example,mx.none.example,10
            host-record=mx.none.example,{1}
            """, "tls.domains.\"none.example\" = \"none\"");
        (world[0].Shown, world[0].BreaksTls) = (_certificates.Make("mx.broken.example"), true);
        world[1].Shown = _certificates.Make("mx.none.example");
        await SendAsync(world, "a@broken.example", "delivered");
        await SendAsync(world, "a@none.example", "delivered");
        Assert.False(Assert.Single(world[0].Mails).IsSecured);
        Assert.False(Assert.Single(world[1].Mails).IsSecured);
    }

    [Fact]
    public async Task Encrypt_waits_and_says_why_until_there_is_TLS_and_a_dot_means_the_domains_below()
    {
        await using var world = await StartAsync(1, """
            mx-host=b.example,mx.b.example,10
            mx-host=sub.b.example,mx.b.example,10
            host-record=mx.b.example,{0}
            """, "tls.domains.\".b.example\" = \"encrypt\"");
        await SendAsync(world, "above@b.example", "delivered");
        var held = await SendAsync(world, "below@Sub.B.example", "deferred");
        Assert.Contains(
            $"TLS as this site asks it of .b.example: mx.b.example:{world.Port}: it does not announce STARTTLS", held.Mail.Reason, StringComparison.Ordinal);
        Assert.Equal("above@b.example", Assert.Single(Assert.Single(world[0].Mails).Recipients));

        world[0].Shown = _certificates.MakeSelfSigned("other.example");
        await world.Server.WaitForAsync(held.Mail.Id, "delivered");
        Assert.True(world[0].Mails.Last().IsSecured);
    }

    [Fact]
    public async Task Verify_goes_to_who_proves_the_name_of_the_host_or_a_name_that_is_given_and_to_nobody_else()
    {
        await using var world = await StartAsync(4, """
            mx-host=right.example,mx.right.example,10
            host-record=mx.right.example,{0}
            mx-host=wrong.example,mx.wrong.example,10
            host-record=mx.wrong.example,{1}
            mx-host=match.example,mx.elsewhere.example,10
            host-record=mx.elsewhere.example,{2}
            mx-host=forged.example,mx.forger.example,10
            host-record=mx.forger.example,{3}
            """, """
            tls.default = "verify"
            tls.domains."match.example" = { level = "verify", match = [".match.example"] }
            tls.domains."forged.example" = { level = "verify", match = ["mx.forged.example"] }
            """);
        world[0].Shown = _certificates.Make("mx.right.example");
        world[1].Shown = _certificates.Make("mx.right.example");
        world[2].Shown = _certificates.Make("*.match.example");
        world[3].Shown = _certificates.Make("mx.forger.example");
        await SendAsync(world, "a@right.example", "delivered");
        await SendAsync(world, "a@match.example", "delivered");
        var wrong = await SendAsync(world, "a@wrong.example", "deferred");
        Assert.Contains("TLS as this site asks it of all domains: mx.wrong.example:", wrong.Mail.Reason, StringComparison.Ordinal);
        Assert.Contains("its certificate does not prove its name: RemoteCertificateNameMismatch", wrong.Mail.Reason, StringComparison.Ordinal);
        var forged = await SendAsync(world, "a@forged.example", "deferred");
        Assert.Contains("its certificate is for mx.forger.example, and is to be for mx.forged.example", forged.Mail.Reason, StringComparison.Ordinal);
        Assert.True(Assert.Single(world[0].Mails).IsSecured && Assert.Single(world[2].Mails).IsSecured);
        Assert.Empty(world[1].Mails.Concat(world[3].Mails));
    }

    [Fact]
    public async Task The_next_host_is_tried_and_a_mail_that_nobody_can_have_so_comes_back_to_its_sender()
    {
        await using var world = await StartAsync(3, """
            mx-host=two.example,first.two.example,10
            mx-host=two.example,second.two.example,20
            host-record=first.two.example,{0}
            host-record=second.two.example,{1}
            mx-host=one.example,first.two.example,10
            mx-host=sender.example,mx.sender.example,10
            host-record=mx.sender.example,{2}
            """, """
            tls.domains."one.example" = "encrypt"
            tls.domains."two.example" = "encrypt"
            """, "server.queues.delivery.deferred_retry_max=1");
        world[1].Shown = _certificates.MakeSelfSigned("other.example");
        await SendAsync(world, "a@two.example", "delivered");
        Assert.True(Assert.Single(world[1].Mails).IsSecured);

        await SendAsync(world, "a@one.example", "bounced");
        await Patience.UntilAsync(() => !world[2].Mails.IsEmpty, "the notification");
        var told = await ReadNotification.OfAsync(Assert.Single(world[2].Mails).Bytes);
        var fields = Assert.Single(told.Recipients);
        Assert.Equal(("failed", "4.7.10"), (fields["action"], fields["status"]));
        Assert.Contains("TLS as this site asks it of one.example: first.two.example:", told.Text, StringComparison.Ordinal);
        Assert.Empty(world[0].Mails);
    }
}
