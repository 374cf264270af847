using System.Text;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.InAndOut;

/// <summary>Ways out other than the relay host.</summary>
public sealed class RouteTests
{
    [Fact]
    public async Task A_Maildir_gets_the_mail_with_its_return_path()
    {
        using var site = new TestSite("""#{ delivery: [ action "into the maildir" || maildir_all() ] }""");
        await using var server = new ServerProcess(site);
        await server.StartAsync();
        var message = Messages.Clean(body: ".dot\r\nand more");
        var id = await RawSmtp.SendOneAsync(site.ClientPort, message, "john@example.org", "jane@example.com", "joe@example.com");
        await server.WaitForAsync(id, "delivered");

        foreach (var user in (string[])["jane", "joe"])
        {
            var folder = Path.Combine(site.MailFolder, "example.com", user);
            var file = Assert.Single(Directory.GetFiles(Path.Combine(folder, "new")));
            Assert.Empty(Directory.GetFiles(Path.Combine(folder, "tmp")));
            var text = await File.ReadAllTextAsync(file, Encoding.Latin1, TestContext.Current.CancellationToken);
            Assert.Equal("<john@example.org>", Messages.Header(text, "Return-Path"));
            Assert.EndsWith(message, text);
        }
    }
}
