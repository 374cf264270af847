using System.Net;
using System.Text;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Examples;

/// <summary>A copy of an example's folder, with ports of its own, whose server runs between clients and the servers behind it.</summary>
/// <param name="name">The folder below <c>examples</c>.</param>
/// <param name="adaptations">What an operator would put in the place of the example's addresses: text by text, in every file.</param>
public abstract class ExampleSite(string name, params (string Old, string New)[] adaptations) : IAsyncLifetime
{
    private readonly TestSite _site = new() { Spool = "var/spool" };

    internal ServerProcess Server { get; private set; } = null!;

    /// <summary>127.0.0.1:2526 of the examples.</summary>
    internal TestSmtpServer RelayHost { get; private set; } = null!;

    /// <summary>127.0.0.1:2527 of the examples.</summary>
    internal TestSmtpServer OtherHost { get; private set; } = null!;

    internal string Folder => _site.Folder;

    public async ValueTask InitializeAsync()
    {
        Copy();
        Prepare();
        RelayHost = new TestSmtpServer(_site.RelayPort);
        OtherHost = new TestSmtpServer(_site.ServicePort);
        Server = new ServerProcess(_site);
        await Server.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await RelayHost.DisposeAsync();
        await OtherHost.DisposeAsync();
        _site.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the example's README has one do before the start.</summary>
    protected virtual void Prepare()
    {
    }

    /// <summary>A client that has said EHLO.</summary>
    /// <param name="from">An address of the loopback network.</param>
    internal async Task<RawSmtp> ConnectAsync(string from = "127.0.0.1")
    {
        var smtp = await RawSmtp.ConnectFromAsync(IPAddress.Parse(from), _site.ClientPort);
        Assert.StartsWith("220", await smtp.ReadReplyAsync());
        Assert.StartsWith("250", await smtp.AskAsync("EHLO client.example.org"));
        return smtp;
    }

    /// <summary>Sends a mail from an address of the loopback network, and waits until it is delivered.</summary>
    internal async Task DeliverAsync(string client, string message, string from, params string[] to)
    {
        using var smtp = await ConnectAsync(client);
        var reply = await smtp.SendMailAsync(from, to, message);
        Assert.StartsWith("250", reply);
        await Server.WaitForAsync(RawSmtp.IdOf(reply), "delivered");
    }

    /// <summary>The mails of a virtual user with this subject, whole, octet for character.</summary>
    internal string[] Maildir(string address, string subject)
    {
        var parts = address.Split('@');
        var folder = Path.Combine(Folder, "var", "mail", parts[1], parts[0], "new");
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder).Select(file => File.ReadAllText(file, Encoding.Latin1)).Where(text => Messages.Header(text, "Subject") == subject)]
            : [];
    }

    /// <summary>Nothing is said against the example, but that this machine lacks the user vsmtp, and what its README explains.</summary>
    internal async Task AssertCleanAsync(params string[] explained)
    {
        var (code, output, error) = await ServerProcess.RunAsync("check", "--strict", "-c", _site.ConfigFile);

        Assert.StartsWith("0 errors, ", output);
        Assert.All(
            error.Split('\n').Where(line => line.Contains("warning:", StringComparison.Ordinal)),
            line => Assert.Contains(["this machine does not have the ", .. explained], known => line.Contains(known, StringComparison.Ordinal)));
        Assert.DoesNotContain("error:", error);
        Assert.Equal(0, code);
    }

    /// <summary><c>vsmtp explain</c> with the example's own mail.</summary>
    internal async Task<string> ExplainAsync(params string[] options)
    {
        var (code, output, error) = await ServerProcess.RunAsync(
            ["explain", "-c", _site.ConfigFile, "--eml", Path.Combine(Folder, "mail.eml"), .. options]);
        Assert.True(code == 0, error);
        return output;
    }

    private void Copy()
    {
        var example = Path.Combine(SourceTree.Root, "examples", name);
        foreach (var file in Directory.EnumerateFiles(example, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(example, file);
            // What somebody who ran it in place left.
            if (path.StartsWith("var", StringComparison.Ordinal) || path.Contains(".db", StringComparison.Ordinal)) continue;
            var text = File.ReadAllText(file)
                .Replace("127.0.0.1:2525", $"127.0.0.1:{_site.ClientPort}", StringComparison.Ordinal)
                .Replace("127.0.0.1:2526", $"127.0.0.1:{_site.RelayPort}", StringComparison.Ordinal)
                .Replace("127.0.0.1:2527", $"127.0.0.1:{_site.ServicePort}", StringComparison.Ordinal);
            foreach (var (old, replacement) in adaptations) text = text.Replace(old, replacement, StringComparison.Ordinal);
            Directory.CreateDirectory(Path.Combine(Folder, Path.GetDirectoryName(path)!));
            _site.Write(path, text);
        }
    }
}
