using Vsmtp.EndToEnd.Tests.Secured;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.EndToEnd.Tests.World;

namespace Vsmtp.EndToEnd.Tests.Authentication;

/// <summary>The real Postfix relays through us, as a site's server behind its provider's does.</summary>
public sealed class PostfixTests
{
    [Theory]
    [InlineData("SCRAM-SHA-256")]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    public async Task It_verifies_our_certificate_authenticates_and_says_where_the_mail_comes_from(string mechanism)
    {
        await using var site = await AuthSite.StartAsync(
            "#{ postq: [ action \"who\" || append_header(\"X-Who\", `${auth().authid} ${auth().mechanism}`) ] }", "users = \"users\"\nmust_be_authenticated = true",
            settings: "server.interfaces.xforward=[\"127.0.0.1\"]");
        var (front, next) = ($"127.0.1.71:{FreePorts.Take(1)[0]}", $"[127.0.0.1]:{site.Site.ClientPort}");
        await using var postfix = await Postfix.StartAsync("client.example", [front], $$"""
            mynetworks = 127.0.0.0/8
            relayhost = {{next}}
            smtp_tls_security_level = verify
            smtp_tls_verify_cert_match = mx.example.com
            smtp_tls_CAfile = {{site.Certificates.RootFile}}
            smtp_sasl_auth_enable = yes
            smtp_sasl_mechanism_filter = {{mechanism}}
            smtp_sasl_tls_security_options = noanonymous
            smtp_sasl_password_maps = inline:{ { {{next}} = {{AuthSite.User}}:{{AuthSite.Password}} } }
            smtp_send_xforward_command = yes
            """);
        using (var user = await RawSmtp.OpenAsync(int.Parse(front.Split(':')[1]), front.Split(':')[0]))
            Assert.StartsWith("250", await user.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean("through both")));

        await Patience.UntilAsync(() => site.Relay.Mails.Count == 1, "the mail at the relay", () => postfix.Log + site.Server.Said);
        var mail = Assert.Single(site.Relay.Mails);
        Assert.Equal($"{AuthSite.User} {mechanism}", mail.Header("X-Who"));
        var trace = mail.Header("Received")!;
        Assert.Matches(@"^from client\.example \(\[127\.0\.0\.1\]\) by mx\.example\.com with ESMTPSA id \S+ \(version=TLSv1\.3 cipher=", trace);
        var history = (await site.Server.Api.FindAsync(trace.Split(" id ")[1].Split([' ', ';'])[0]))!.Events;
        Assert.Matches(@", who has it from \S+ \[127\.0\.0\.1\]:\d+ \(", history.Single(e => e.What == "received").Why);
        await Patience.UntilAsync(() => !postfix.HasMails, "Postfix' queues empty", () => postfix.Log);
    }
}
