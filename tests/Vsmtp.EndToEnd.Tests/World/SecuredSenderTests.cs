using Vsmtp.EndToEnd.Tests.Secured;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Smtp.Tests.Client;

namespace Vsmtp.EndToEnd.Tests.World;

/// <summary><c>sender_security_level</c>: whose mail does not leave in clear.</summary>
public sealed class SecuredSenderTests
{
    [Fact]
    public async Task Mail_of_a_virtual_domain_waits_until_it_can_leave_under_TLS_and_mail_of_others_does_not()
    {
        await using var world = await World.StartAsync(servers: 1, """
            mx-host=b.example,mx.b.example,10
            host-record=mx.b.example,{0}
            """);
        using var certificates = new SiteCertificates(world.Site.Folder);
        using var shown = new ScriptedCertificates();
        await world.Server.StopAsync();
        foreach (var (domain, level) in new[] { ("secured.example", ""), ("open.example", ", sender_security_level = \"May\"") })
        {
            certificates.Write(domain);
            world.Server.Settings.Add(
                $"server.virtual.\"{domain}\".tls={{ protocol_version = \"TLSv1.3\", certificate = \"{domain}.crt\", private_key = \"{domain}.key\"{level} }}");
        }

        await world.Server.StartAsync();
        var open = await world.SendAsync("john@open.example", Messages.Clean("open"), "b@b.example");
        await world.Server.WaitForAsync(open, "delivered");
        var secured = await world.SendAsync("john@Secured.example", Messages.Clean("secured"), "b@b.example");
        var waiting = await world.Server.WaitForAsync(secured, "deferred");
        Assert.Contains("451 4.7.0 The sender's mail leaves under TLS only", waiting.Mail.Reason, StringComparison.Ordinal);
        Assert.Equal("open", Assert.Single(world[0].Mails).Header("Subject"));

        world[0].Shown = shown.MakeSelfSigned("mx.b.example");
        await world.Server.WaitForAsync(secured, "delivered");
        Assert.Equal(["open", "secured"], world[0].Mails.Select(mail => mail.Header("Subject")));
    }
}
