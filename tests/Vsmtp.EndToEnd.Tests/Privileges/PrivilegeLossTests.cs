using System.Runtime.Versioning;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Privileges;

/// <summary>Ends of the two processes, and starts that cannot be.</summary>
[SupportedOSPlatform("linux")]
public sealed class PrivilegeLossTests
{
    public PrivilegeLossTests()
    {
        if (MachineAccount.WhyNone is { } why) Assert.Skip(why);
    }

    [Fact]
    public async Task Without_the_carrier_mails_wait_and_a_restart_delivers_them()
    {
        await using var site = new PrivilegedSite();
        await site.PrepareAsync(starts: true);
        _ = NativeSignals.Kill(site.Carrier, 9);
        var mail = await site.SendAsync("waits", site.Ann.Name, "maildir.example", "deferred");
        const string Words = "the process that delivers to accounts of this machine has ended: restart the server";
        Assert.Contains(Words, ServerProcess.Describe(mail), StringComparison.Ordinal);
        var log = Directory.EnumerateFiles(Path.Combine(site.Site.Folder, "log"), "vsmtp2*.log").Single();
        await Patience.UntilAsync(() => File.ReadAllText(log).Contains(" FTL ", StringComparison.Ordinal), "a critical line in the log");
        Assert.Equal(0, await site.Server.StopAsync());
        await site.Server.StartAsync();
        await site.SendAsync("goes", site.Ann.Name, "maildir.example", "delivered");
    }

    [Theory]
    [InlineData(9)]
    [InlineData(15)]
    public async Task The_carrier_ends_with_the_server(int signal)
    {
        await using var site = new PrivilegedSite();
        await site.PrepareAsync(starts: true);
        var carrier = site.Carrier;
        _ = NativeSignals.Kill(site.Server.Id, signal);
        await Patience.UntilAsync(() => !ThreadStatus.IsAlive(carrier), "the end of the carrier");
        await site.Server.WaitForExitAsync();
    }

    [Fact]
    public async Task A_server_of_virtual_mailboxes_needs_no_carrier_and_at_high_ports_no_right_at_all()
    {
        await using var site = new PrivilegedSite();
        await site.PrepareAsync(starts: false);
        var port = FreePorts.Take(1)[0];
        site.Write("[server.delivery]\nmaildir_root = \"mail\"");
        site.Server.Settings.Add($"server.interfaces.addr=[\"127.0.0.1:{port}\"]");
        await site.Server.StartAsync();
        Assert.Equal(
            ["CapPrm: 0000000000000000; CapEff: 0000000000000000; NoNewPrivs: 1"], ThreadStatus.Of(site.Server.Id, "CapPrm", "CapEff", "NoNewPrivs"));
        Assert.Throws<InvalidOperationException>(() => site.Carrier);
        var id = await RawSmtp.SendOneAsync(port, "Subject: a\r\n\r\nbody\r\n", "john@example.org", "jane@example.com");
        await site.Server.WaitForAsync(id, "delivered");
        var (_, facts) = MachineAccount.Run("stat", "--format=%U %a", Path.Combine(site.Site.MailFolder, "example.com", "jane"));
        Assert.Equal($"{site.User.Name} 700\n", facts);
    }

    [Fact]
    public async Task Mailboxes_have_the_group_that_the_site_gives_them()
    {
        await using var site = new PrivilegedSite();
        await site.PrepareAsync(starts: false);
        site.Server.Settings.Add("server.system.group_local=mail");
        await site.Server.StartAsync();
        await site.SendAsync("a", site.Ann.Name, "maildir.example", "delivered");
        var (_, facts) = MachineAccount.Run("find", Path.Combine(site.Ann.Home, "Maildir"), "-printf", "%u %g\n");
        Assert.Equal([$"{site.Ann.Name} mail"], facts.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct());
    }

    [Theory]
    [InlineData("chmod 600 vsmtp.toml", "may not read")]
    [InlineData("mkdir spool", "server.queues.dirpath: ")]
    [InlineData("mkdir -m 755 log", "server.logs.filepath: ")]
    [InlineData("chmod 700 .", "may not")]
    public async Task A_start_that_cannot_be_says_what_is_to_be_done(string deed, string words)
    {
        await using var site = new PrivilegedSite();
        await site.PrepareAsync(starts: false);
        MachineAccount.Run("sh", "-c", $"cd {site.Site.Folder} && {deed}");
        var (code, _, error) = await ServerProcess.RunAsync("serve", "-c", site.Site.ConfigFile);
        Assert.Equal(1, code);
        var line = Assert.Single(error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal));
        Assert.Contains(words, line, StringComparison.Ordinal);
        Assert.Contains(site.User.Name, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_in_a_folder_of_the_servers_user_is_not_followed_by_root()
    {
        await using var site = new PrivilegedSite();
        await site.PrepareAsync(starts: false);
        var theirs = Directory.CreateDirectory(Path.Combine(site.Site.Folder, "spool")).FullName;
        MachineAccount.Run("chown", site.User.Name, theirs);
        var target = Directory.CreateDirectory(Path.Combine(site.Site.Folder, "target")).FullName;
        site.User.RunAs("ln", "-s", target, Path.Combine(theirs, "app"));
        site.Server.Settings.Add($"app.dirpath={theirs}/app/deep");
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(site.Server.StartAsync);
        Assert.Contains("app.dirpath: ", fault.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(target));
        Assert.Equal("root", MachineAccount.Run("stat", "--format=%U", target).Output.Trim());
    }
}
