using System.Net;
using Vsmtp.EndToEnd.Tests.Authentication;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Secured;

/// <summary>What <c>Received</c> says of how a mail came (RFC 3848, RFC 6531 §4.3).</summary>
public sealed class ProtocolTraceTests(ProtocolTraceTests.OpenSite open) : IClassFixture<ProtocolTraceTests.OpenSite>
{
    /// <summary>AUTH is there in clear too.</summary>
    public sealed class OpenSite : IAsyncLifetime
    {
        public TlsSite Site { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Site = await AuthSite.StartAsync(keys: "users = \"users\"\nenable_dangerous_mechanism_in_clair = true");

        public ValueTask DisposeAsync() => Site.DisposeAsync();
    }

    [Theory]
    [InlineData("ESMTP", false, false, false)]
    [InlineData("ESMTPA", false, true, false)]
    [InlineData("ESMTPS", true, false, false)]
    [InlineData("ESMTPSA", true, true, false)]
    [InlineData("UTF8SMTP", false, false, true)]
    [InlineData("UTF8SMTPA", false, true, true)]
    [InlineData("UTF8SMTPS", true, false, true)]
    [InlineData("UTF8SMTPSA", true, true, true)]
    [InlineData("SMTP", false, false, false, "HELO")]
    [InlineData("SMTP", true, false, false, "HELO")]
    public async Task Received_has_the_name_of_the_protocol(string name, bool isSecured, bool isAuthenticated, bool isUtf8, string hello = "EHLO")
    {
        var subject = $"{name} {isSecured}";
        using var client = isSecured ? await open.Site.OpenAsync() : await ConnectAsync();
        Assert.StartsWith("250", await client.AskAsync($"{hello} client.example.org"), StringComparison.Ordinal);
        if (isAuthenticated) Assert.StartsWith("235", await client.AskAsync(AuthSite.Plain()), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.AskAsync($"MAIL FROM:<john@example.org>{(isUtf8 ? " SMTPUTF8" : "")}"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.AskAsync("RCPT TO:<jane@example.com>"), StringComparison.Ordinal);
        Assert.StartsWith("354", await client.AskAsync("DATA"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.AskAsync(Messages.Clean(subject) + "."), StringComparison.Ordinal);

        ReceivedMail? mail = null;
        await Patience.UntilAsync(
            () => (mail = open.Site.Relay.Mails.FirstOrDefault(mail => mail.Header("Subject") == subject)) is not null, "the mail at the relay");
        Assert.Contains($" by mx.example.com with {name} id ", mail!.Header("Received"), StringComparison.Ordinal);
        Assert.Equal(isSecured, mail.Header("Received")!.Contains("version=TLSv1.3", StringComparison.Ordinal));
    }

    private async Task<TlsClient> ConnectAsync()
    {
        var client = await TlsClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, open.Site.Site.ClientPort));
        await client.ReadReplyAsync();
        return client;
    }
}
