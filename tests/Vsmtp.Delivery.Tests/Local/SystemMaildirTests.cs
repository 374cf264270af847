using System.Runtime.Versioning;
using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Local;
using Vsmtp.Delivery.Tests.Support;

namespace Vsmtp.Delivery.Tests.Local;

/// <summary>Maildirs in the homes of accounts. The owner in these tests is a number without an account, in a home of the test.</summary>
[SupportedOSPlatform("linux")]
public sealed class SystemMaildirTests : IDisposable
{
    private const uint User = 54321;

    private readonly TemporaryFolder _folder = new();

    public SystemMaildirTests()
    {
        if (!Posix.IsSupported) Assert.Skip("Maildirs need 64-bit Linux.");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_account_is_found_with_its_numbers_and_home()
    {
        var root = SystemAccount.Find("root");
        Assert.NotNull(root);
        Assert.Equal(("root", 0u), (root.Name, root.User));
        Assert.True(Directory.Exists(root.Home));
        Assert.Null(SystemAccount.Find("no-such-account-here"));
        Assert.Null(SystemAccount.Find(""));
        Assert.Null(SystemAccount.Find("root:x"));
    }

    [Fact]
    public async Task A_recipient_without_an_account_fails_for_good()
    {
        await using var bench = new DeliveryBench();
        var report = Assert.Single(await bench.DeliverAsync(bench.Job(DeliveryBench.Maildir("no-such-account-here@mx.example"))));
        Assert.Equal(DeliveryResult.Failed, report.Result);
        Assert.StartsWith("5.1.1 ", report.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_whose_home_is_not_its_own_gets_nothing_there()
    {
        if (SystemAccount.Find("daemon") is not { } daemon || !Directory.Exists(daemon.Home)) Assert.Skip("This machine has no account daemon.");
        await using var bench = new DeliveryBench();
        var report = Assert.Single(await bench.DeliverAsync(bench.Job(DeliveryBench.Maildir("daemon@mx.example"))));
        Assert.Equal(DeliveryResult.Deferred, report.Result);
        var reason = Posix.EffectiveUser() == 0 ? "does not belong to daemon" : "may not write as daemon";
        Assert.Contains(reason, report.Detail, StringComparison.Ordinal);
        Assert.False(Directory.Exists("/usr/sbin/Maildir"));
    }

    [Fact]
    public void Everything_made_in_a_home_belongs_to_its_user()
    {
        var home = MakeHome();
        Write(home, "mail", "text");
        foreach (var name in new[] { "Maildir", "Maildir/new", "Maildir/tmp", "Maildir/cur", "Maildir/new/mail" })
        {
            using var handle = Posix.Open(Path.Combine(home, name), 0);
            Assert.Equal(User, Posix.FactsOf(handle).User);
        }

        Assert.Equal("text", File.ReadAllText(Path.Combine(home, "Maildir/new/mail")));
        // The thread is itself again: it may write where only root may.
        File.WriteAllText(_folder.Sub("ours"), "");
        using var ours = Posix.Open(_folder.Sub("ours"), 0);
        Assert.Equal(0u, Posix.FactsOf(ours).User);
    }

    [Fact]
    public void What_the_user_cannot_write_we_do_not_write_for_him()
    {
        var home = MakeHome();
        // Root's folder, moved into the user's Maildir by a trick: as root we would write into it.
        var tmp = Path.Combine(home, "Maildir", "tmp");
        Directory.CreateDirectory(tmp);
        File.SetUnixFileMode(tmp, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Chown(Path.Combine(home, "Maildir"));
        Assert.ThrowsAny<Exception>(() => Write(home, "mail", "text"));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "mail", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("Maildir")]
    [InlineData("Maildir/new")]
    [InlineData("Maildir/tmp")]
    public void A_link_of_the_user_leads_nowhere(string place)
    {
        var home = MakeHome();
        var outside = _folder.Sub("outside");
        Directory.CreateDirectory(outside);
        File.SetUnixFileMode(outside, (UnixFileMode)511);
        var link = Path.Combine(home, place);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        Chown(Path.GetDirectoryName(link)!);
        Directory.CreateSymbolicLink(link, outside);
        Assert.Throws<IOException>(() => Write(home, "mail", "text"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
    }

    private static void Write(string home, string name, string text)
    {
        var account = new SystemAccount("somebody", User, User, home);
        using var folder = MaildirFolder.Open(new Mailbox(home, ["Maildir"], account));
        using (SafeFileHandle file = folder.Create(name))
        {
            RandomAccess.Write(file, System.Text.Encoding.ASCII.GetBytes(text), 0);
        }

        folder.Publish(name);
    }

    private string MakeHome()
    {
        if (Posix.EffectiveUser() != 0) Assert.Skip("Only root can make a home of somebody else.");
        var home = _folder.Sub("home");
        Directory.CreateDirectory(home);
        // The temporary folder is 0700; a home's parents can be passed by its user.
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)493);
        Chown(home);
        return home;
    }

    private static void Chown(string path)
    {
        using var chown = Process.Start("chown", [User.ToString(System.Globalization.CultureInfo.InvariantCulture), path]);
        chown.WaitForExit();
        Assert.Equal(0, chown.ExitCode);
    }
}
