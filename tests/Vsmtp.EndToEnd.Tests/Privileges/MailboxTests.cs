using System.Globalization;
using System.Runtime.Versioning;
using Vsmtp.Dashboard.Api;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Privileges;

/// <summary>Mail for people of the machine, by way of the carrier; some of them lay traps.</summary>
[SupportedOSPlatform("linux")]
public sealed class MailboxTests : IClassFixture<PrivilegedSite>, IDisposable
{
    private readonly PrivilegedSite _site;

    public MailboxTests(PrivilegedSite site)
    {
        _site = site;
        if (MachineAccount.WhyNone is { } why) Assert.Skip(why);
    }

    private string Maildir => Path.Combine(_site.Eve.Home, "Maildir");

    public void Dispose()
    {
        if (MachineAccount.WhyNone is not null) return;
        MachineAccount.Run("rm", "-rf", Maildir, _site.Eve.Mbox, $"{_site.Eve.Mbox}.lock");
        File.SetUnixFileMode(_site.Eve.Home, (UnixFileMode)0b111_000_000);
    }

    [Fact]
    public async Task A_mail_is_its_readers_in_a_Maildir_and_in_an_mbox()
    {
        await _site.SendAsync("one", _site.Ann.Name, "maildir.example", "delivered");
        await _site.SendAsync("two", _site.Bob.Name.ToUpperInvariant(), "mbox.example", "delivered");
        await _site.SendAsync("three", _site.Bob.Name, "mbox.example", "delivered");
        var mail = Directory.EnumerateFiles(Path.Combine(_site.Ann.Home, "Maildir", "new"))
            .Single(file => File.ReadAllText(file).Contains("Subject: one\r\n", StringComparison.Ordinal));
        Assert.Equal($"{_site.Ann.Name} {_site.Ann.Name} 600\n", Facts(mail));
        foreach (var folder in new[] { "", "/new", "/cur", "/tmp" })
            Assert.Equal($"{_site.Ann.Name} {_site.Ann.Name} 700\n", Facts($"{_site.Ann.Home}/Maildir{folder}"));
        Assert.Equal($"{_site.Bob.Name} {MachineAccount.Run("stat", "--format=%G", "/var/mail/").Output.Trim()} 600\n", Facts(_site.Bob.Mbox));
        var mbox = await File.ReadAllTextAsync(_site.Bob.Mbox, TestContext.Current.CancellationToken);
        foreach (var subject in new[] { "two", "three" }) Assert.Equal(2, mbox.Split($"\nSubject: {subject}\n\nbody\n\n").Length);
        Assert.False(File.Exists($"{_site.Bob.Mbox}.lock"));
    }

    [Fact]
    public async Task A_Maildir_that_is_a_link_leads_nowhere()
    {
        await _site.SendAsync("for ann", _site.Ann.Name, "maildir.example", "delivered");
        foreach (var place in new[] { Path.Combine(_site.Ann.Home, "Maildir"), "/root", _site.Site.Folder })
        {
            _site.Eve.RunAs("ln", "-sfn", place, Maildir);
            AssertDeferred("Maildir: cannot open 'Maildir'", await _site.SendAsync("trap", _site.Eve.Name, "maildir.example", "deferred"));
        }

        _site.Eve.RunAs("rm", Maildir);
        _site.Eve.RunAs("mkdir", "-p", $"{Maildir}/tmp", $"{Maildir}/cur");
        _site.Eve.RunAs("ln", "-s", Path.Combine(_site.Ann.Home, "Maildir", "new"), $"{Maildir}/new");
        AssertDeferred("Maildir: cannot open 'new'", await _site.SendAsync("trap", _site.Eve.Name, "maildir.example", "deferred"));
        Assert.Equal("", MachineAccount.Run("grep", "-rls", "Subject: trap", _site.Ann.Home, _site.Eve.Home, "/root/Maildir").Output);
    }

    [Fact]
    public async Task What_the_reader_could_not_do_is_not_done_for_him()
    {
        File.SetUnixFileMode(_site.Eve.Home, (UnixFileMode)0b101_000_000);
        var mail = await _site.SendAsync("trap", _site.Eve.Name, "maildir.example", "deferred");
        AssertDeferred("Maildir: cannot make folder 'Maildir': Permission denied", mail);
        File.SetUnixFileMode(_site.Eve.Home, (UnixFileMode)0b111_000_000);
        // Root's, moved there by a trick: as root one would write into it.
        MachineAccount.Run("mkdir", "-p", "-m", "700", $"{Maildir}/tmp");
        MachineAccount.Run("chown", _site.Eve.Name, Maildir);
        AssertDeferred("Maildir: cannot", await _site.SendAsync("trap", _site.Eve.Name, "maildir.example", "deferred"));
        Assert.Empty(Directory.EnumerateFiles(Maildir, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("ln BOB", "has other names, too")]
    [InlineData("ln -s BOB", "cannot open")]
    [InlineData("mkfifo", "is no file")]
    [InlineData("mkdir", "cannot open")]
    [InlineData("touch", "cannot open")]
    public async Task An_mbox_that_is_no_file_of_its_reader_alone_is_left_alone(string command, string words)
    {
        await _site.SendAsync("for bob", _site.Bob.Name, "mbox.example", "delivered");
        var before = await File.ReadAllTextAsync(_site.Bob.Mbox, TestContext.Current.CancellationToken);
        var line = $"{command.Replace("BOB", _site.Bob.Mbox, StringComparison.Ordinal)} {_site.Eve.Mbox}".Split(' ');
        Assert.Equal(0, MachineAccount.Run(line[0], line[1..]).Code);
        if (command is "ln BOB" or "mkfifo") MachineAccount.Run("chown", _site.Eve.Name, _site.Eve.Mbox);
        AssertDeferred(words, await _site.SendAsync("trap", _site.Eve.Name, "mbox.example", "deferred"));
        if (command is "ln BOB") MachineAccount.Run("chown", _site.Bob.Name, _site.Eve.Mbox);
        Assert.Equal(before, await File.ReadAllTextAsync(_site.Bob.Mbox, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Nobody_is_root_and_nobody_is_unknown()
    {
        AssertDeferred("mail is not put into folders of root", await _site.SendAsync("trap", "root", "maildir.example", "deferred"));
        AssertDeferred("mail is not put into folders of root", await _site.SendAsync("trap", "Root", "mbox.example", "deferred"));
        var unknown = await _site.SendAsync("trap", "no-such-account-here", "mbox.example", "bounced", "dead");
        Assert.Contains("5.1.1", ServerProcess.Describe(unknown), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_holds_his_mailbox_holds_up_nobody_and_cannot_reach_the_thread_that_waits_for_him()
    {
        File.WriteAllText($"{_site.Eve.Mbox}.lock", $"{Environment.ProcessId}\n");
        var waiting = await RawSmtp.SendOneAsync(_site.Port, "Subject: trap\r\n\r\nbody\r\n", "john@example.org", $"{_site.Eve.Name}@mbox.example");
        var (carrier, thread) = (_site.Carrier, 0);
        var own = $"\nUid:\t{_site.User.Number}\t{_site.Eve.Number}\t{_site.User.Number}\t{_site.Eve.Number}\n";
        await Patience.UntilAsync(() => (thread = ThreadOf(carrier, own)) > 0, "a thread that is eve on files");
        var status = await File.ReadAllTextAsync($"/proc/{carrier}/task/{thread}/status", TestContext.Current.CancellationToken);
        foreach (var set in new[] { "CapPrm", "CapEff", "CapAmb" })
            Assert.Contains($"\n{set}:\t0000000000000000\n", status, StringComparison.Ordinal);
        foreach (var target in new[] { thread, carrier })
            Assert.NotEqual(0, _site.Eve.RunAs("kill", "-9", target.ToString(CultureInfo.InvariantCulture)).Code);
        Assert.NotEqual(0, _site.Eve.RunAs("cat", $"/proc/{thread}/environ").Code);

        await _site.SendAsync("meanwhile", _site.Ann.Name, "maildir.example", "delivered");
        await _site.SendAsync("meanwhile", _site.Bob.Name, "mbox.example", "delivered");
        File.Delete($"{_site.Eve.Mbox}.lock");
        await _site.Server.WaitForAsync(waiting, "delivered");
        Assert.Equal(carrier, _site.Carrier);
        Assert.Equal(0, ThreadOf(carrier, own));
    }

    private static int ThreadOf(int process, string own) =>
        Directory.EnumerateDirectories($"/proc/{process}/task")
            .Where(thread => MachineAccount.Run("cat", $"{thread}/status").Output.Contains(own, StringComparison.Ordinal))
            .Select(thread => int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture)).SingleOrDefault();

    private static string Facts(string path) => MachineAccount.Run("stat", "--format=%U %G %a", path).Output;

    private static void AssertDeferred(string words, ApiMailDetails mail) =>
        Assert.Contains(words, ServerProcess.Describe(mail), StringComparison.Ordinal);
}
