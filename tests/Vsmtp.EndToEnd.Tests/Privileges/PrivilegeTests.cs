using System.Runtime.Versioning;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Privileges;

/// <summary>Whom a server that root has started is, and what is left of root in its two processes.</summary>
[SupportedOSPlatform("linux")]
public sealed class PrivilegeTests : IClassFixture<PrivilegedSite>
{
    /// <summary>Of a shell: $0 the program, then name, configuration, file of users, the server's user.</summary>
    private const string Add = "echo wonderland-7ac1 | \"$0\" user add \"$1\" --password-stdin -c \"$2\" --set server.smtp.auth.users=\"$3\" --set server.system.user=\"$4\"";

    private readonly PrivilegedSite _site;

    public PrivilegeTests(PrivilegedSite site)
    {
        _site = site;
        if (MachineAccount.WhyNone is { } why) Assert.Skip(why);
    }

    private string Numbers => $"Uid: {_site.User.Number} {_site.User.Number} {_site.User.Number} {_site.User.Number}; "
        + $"Gid: {_site.User.Group} {_site.User.Group} {_site.User.Group} {_site.User.Group}; ";

    [Fact]
    public void Every_thread_of_the_server_is_its_user_and_may_listen_at_low_ports() => Assert.Equal(
        [
            Numbers + $"Groups: {_site.User.Group}; "
            + "CapPrm: 0000000000000400; CapEff: 0000000000000400; CapBnd: 0000000000000400; CapAmb: 0000000000000400; NoNewPrivs: 1",
        ],
        ThreadStatus.Of(_site.Server.Id, "Uid", "Gid", "Groups", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs"));

    [Fact]
    public void The_carrier_may_become_other_users_and_nothing_else() => Assert.Equal(
        [
            Numbers + "Groups:; CapPrm: 00000000000000c0; CapEff: 00000000000000c0; CapBnd: 00000000000000c0; CapAmb: 00000000000000c0; "
            + "NoNewPrivs: 1; Seccomp: 2",
        ],
        ThreadStatus.Of(_site.Carrier, "Uid", "Gid", "Groups", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp"));

    [Theory]
    [InlineData("environ")]
    [InlineData("maps")]
    [InlineData("mem")]
    public void Nobody_looks_into_the_carrier_not_even_its_own_user(string file)
    {
        Assert.NotEqual(0, _site.User.RunAs("cat", $"/proc/{_site.Carrier}/{file}").Code);
        Assert.Empty(Directory.EnumerateFiles(Path.GetTempPath(), $"dotnet-diagnostic-{_site.Carrier}-*"));
    }

    [Fact]
    public async Task The_carrier_is_given_nothing_of_the_servers_environment()
    {
        var names = (await File.ReadAllTextAsync($"/proc/{_site.Carrier}/environ", TestContext.Current.CancellationToken))
            .Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(variable => variable.Split('=')[0]);
        Assert.Empty(names.Except(["PATH", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64", "LANG", "LC_ALL", "DOTNET_EnableDiagnostics"]));
    }

    [Fact]
    public async Task The_servers_home_is_its_users()
    {
        var variables = (await File.ReadAllTextAsync($"/proc/{_site.Server.Id}/environ", TestContext.Current.CancellationToken)).Split('\0');
        Assert.Contains($"HOME={_site.User.Home}", variables);
        Assert.Contains($"USER={_site.User.Name}", variables);
    }

    [Fact]
    public async Task What_the_server_makes_is_its_users_alone()
    {
        await _site.SendAsync("files", _site.Ann.Name, "maildir.example", "delivered");
        string[] made = [.. new[] { "spool", "log", "app" }.Select(name => Path.Combine(_site.Site.Folder, name))
            .SelectMany(folder => Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Append(folder))];
        Assert.Contains(Path.Combine(_site.Site.Folder, "spool", "vsmtp.db"), made);
        var facts = MachineAccount.Run("stat", ["--format=%U %a %F %n", .. made]).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(made.Length, facts.Length);
        Assert.All(facts, fact => Assert.Matches($"^{_site.User.Name} (700 directory|600 (regular (empty )?file|socket)) ", fact));
    }

    [Fact]
    public async Task The_local_api_answers_its_owner_and_root_and_nobody_else()
    {
        string[] line = ["queue", "list", "-c", _site.Site.ConfigFile];
        Assert.Equal(0, (await ServerProcess.RunAsync(line)).Code);
        Assert.Equal(0, _site.User.RunAs([ServerProcess.Program, .. line]).Code);
        Assert.NotEqual(0, _site.Ann.RunAs([ServerProcess.Program, .. line]).Code);
    }

    [Fact]
    public void A_user_that_root_adds_is_in_a_file_of_the_servers_which_it_can_change()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_site.Site.Folder, "users")).FullName;
        MachineAccount.Run("chown", $"{_site.User.Number}:{_site.User.Group}", folder);
        string[] line = ["sh", "-c", Add, ServerProcess.Program, "alice", _site.Site.ConfigFile, Path.Combine(folder, "users"), _site.User.Name];
        var (code, output) = MachineAccount.Run(line[0], line[1..]);
        Assert.True(code == 0, output);
        Assert.All(Directory.GetFiles(folder), file => Assert.Equal($"{_site.User.Name} 600", MachineAccount.Run("stat", "--format=%U %a", file).Output.Trim()));
        (code, output) = _site.User.RunAs([.. line[..4], "bob", .. line[5..]]);
        Assert.True(code == 0, output);
    }

    [Fact]
    public void A_link_that_the_servers_user_lays_gives_it_nothing_of_roots()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_site.Site.Folder, "trapped")).FullName;
        MachineAccount.Run("chown", $"{_site.User.Number}:{_site.User.Group}", folder);
        var secret = Path.Combine(_site.Site.Folder, "roots");
        File.WriteAllText(secret, "root's");
        File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(Path.Combine(folder, "users.lock"), secret);
        var (code, output) = MachineAccount.Run("sh", "-c", Add, ServerProcess.Program, "alice", _site.Site.ConfigFile, Path.Combine(folder, "users"), _site.User.Name);
        Assert.True(code == 0, output);
        Assert.Equal("root 600 6", MachineAccount.Run("stat", "--format=%U %a %s", secret).Output.Trim());
    }

    [Fact]
    public async Task The_carrier_is_deaf_to_what_stops_the_server_which_still_has_mails_to_deliver()
    {
        foreach (var signal in new[] { 15, 2, 1 }) Assert.Equal(0, NativeSignals.Kill(_site.Carrier, signal));
        await _site.SendAsync("still here", _site.Ann.Name, "maildir.example", "delivered");
    }
}
