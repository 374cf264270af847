using System.Globalization;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Privileges;

/// <summary>The unit for systemd, docs/systemd/vsmtp.service.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class SystemdUnitTests
{
    /// <summary>What systemd-analyze calls OK ends at 5.0; what the unit leaves open, it leaves open for a reason.</summary>
    private const double MostExposure = 3.0;

    private static string Unit => File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "systemd", "vsmtp.service"));

    [Fact]
    public void It_is_well_formed_and_as_closed_as_it_says()
    {
        if (!File.Exists("/usr/bin/systemd-analyze")) Assert.Skip("this machine has no systemd-analyze (systemd)");
        var folder = Directory.CreateTempSubdirectory("vsmtp-unit-");
        try
        {
            var file = Path.Combine(folder.FullName, "vsmtp.service");
            File.WriteAllText(file, Unit.Replace("/opt/vsmtp/vsmtp", ServerProcess.Program, StringComparison.Ordinal));
            Assert.Equal((0, ""), MachineAccount.Run("systemd-analyze", "verify", "--man=no", file));
            var (code, said) = MachineAccount.Run("systemd-analyze", "security", "--offline=true", "--no-pager", file);
            if (said.Contains("unrecognized option", StringComparison.Ordinal)) Assert.Skip("this systemd-analyze is older than 250");
            Assert.Equal(0, code);
            var exposure = double.Parse(Exposure().Match(said).Groups["level"].Value, CultureInfo.InvariantCulture);
            Assert.True(exposure <= MostExposure, said);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_capabilities_that_it_leaves_are_enough()
    {
        if (MachineAccount.WhyNone is { } why) Assert.Skip(why);
        var names = Bound().Match(Unit).Groups["names"].Value.Replace("CAP_", "", StringComparison.Ordinal).ToLowerInvariant();
        var bound = names.Trim().Split(' ').Select(name => $"+{name}");
        await using var site = new PrivilegedSite();
        await site.PrepareAsync(starts: false);
        site.Server.Launcher = ["setpriv", $"--bounding-set=-all,{string.Join(',', bound)}", "--no-new-privs", "--"];
        await site.Server.StartAsync();
        await site.SendAsync("one", site.Ann.Name, "maildir.example", "delivered");
        await site.SendAsync("two", site.Bob.Name, "mbox.example", "delivered");
        Assert.Equal(["CapEff: 0000000000000400; CapBnd: 0000000000000400"], ThreadStatus.Of(site.Server.Id, "CapEff", "CapBnd"));
        Assert.Equal(["CapEff: 00000000000000c0; CapBnd: 00000000000000c0"], ThreadStatus.Of(site.Carrier, "CapEff", "CapBnd"));
    }

    [GeneratedRegex("exposure level for .*: (?<level>[0-9.]+)")]
    private static partial Regex Exposure();

    [GeneratedRegex("^CapabilityBoundingSet=(?<names>.*)$", RegexOptions.Multiline)]
    private static partial Regex Bound();
}
