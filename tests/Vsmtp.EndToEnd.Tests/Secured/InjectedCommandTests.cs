using System.Net;
using System.Security.Authentication;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Secured;

/// <summary>What comes in clear behind STARTTLS and too late to be seen with it (RFC 3207 §6) is part of a handshake that fails.</summary>
public sealed class InjectedCommandTests(TlsSite site) : IClassFixture<TlsSite>
{
    private const string Mail = "MAIL FROM:<evil@example.org>\r\nRCPT TO:<jane@example.com>\r\nDATA\r\nSubject: injected\r\n\r\ntext\r\n.\r\n";

    public static TheoryData<string> Injected() => [.. new[] { "NOOP\r\n", "EHLO evil.example.org\r\n" + Mail, Mail, "Q", "\r\n", "QUIT\r\n" }];

    [Theory]
    [MemberData(nameof(Injected))]
    public async Task Behind_the_go_ahead_nothing_is_a_command(string injected)
    {
        using var client = await AskForTlsAsync();
        Assert.Equal("220 2.0.0 TLS go ahead", await client.ReadReplyAsync());
        await client.SendAsync(injected);
        client.SayNoMore();
        AssertNoReply(await client.ReadToEndAsync());
        await AssertNoneCameAsync();
    }

    [Theory]
    [MemberData(nameof(Injected))]
    public async Task And_the_handshake_of_the_client_that_it_was_put_before_fails(string injected)
    {
        using var client = await AskForTlsAsync();
        Assert.Equal("220 2.0.0 TLS go ahead", await client.ReadReplyAsync());
        await client.SendAsync(injected);
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => client.SecureAsync());
        Assert.True(fault is AuthenticationException or IOException, fault.ToString());
        await AssertNoneCameAsync();
    }

    /// <summary>Whether it comes with STARTTLS or behind it is not ours to say: both are refused.</summary>
    [Theory]
    [MemberData(nameof(Injected))]
    public async Task What_does_not_wait_for_the_go_ahead_is_none_either(string injected)
    {
        using var client = await AskForTlsAsync();
        await client.SendAsync(injected);
        client.SayNoMore();
        var first = await client.ReadReplyAsync();
        Assert.True(first is "220 2.0.0 TLS go ahead" or "503 5.5.1 Bad sequence of commands: nothing may follow STARTTLS", first);
        AssertNoReply(await client.ReadToEndAsync());
        await AssertNoneCameAsync();
    }

    private async Task<TlsClient> AskForTlsAsync()
    {
        var client = await TlsClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, site.Site.ClientPort));
        Assert.StartsWith("220", await client.ReadReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.AskAsync("EHLO client.example.org"), StringComparison.Ordinal);
        await client.SendAsync("STARTTLS\r\n");
        return client;
    }

    /// <summary>An alert of TLS may be there.</summary>
    private static void AssertNoReply(string heard) => Assert.DoesNotMatch("[2-5][0-9][0-9][- ]", heard);

    /// <summary>Whoever comes next is served, and his mail is the only one.</summary>
    private async Task AssertNoneCameAsync()
    {
        using var client = await site.OpenAsync();
        Assert.StartsWith("250", await client.AskAsync("EHLO client.example.org"), StringComparison.Ordinal);
        Assert.All(await site.Server.Api.ListAsync(queue: null), mail => Assert.NotEqual("evil@example.org", mail.Sender));
        Assert.DoesNotContain(site.Relay.Seen, mail => mail.Sender == "evil@example.org");
    }
}
