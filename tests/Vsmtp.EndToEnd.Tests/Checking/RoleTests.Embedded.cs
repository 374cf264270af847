using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Checking;

/// <summary>Roles of a cluster, in the build that has none.</summary>
public sealed class RoleTests
{
    [Theory]
    [InlineData("silo")]
    [InlineData("gateway")]
    public async Task A_role_of_a_cluster_is_refused_with_the_build_that_has_it(string role)
    {
        using var site = new TestSite("#{}");
        var (code, output, error) = await ServerProcess.RunAsync("serve", "-c", site.ConfigFile, "--role", role);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains($"--role {role} needs the Orleans build (-p:GrainHost=Orleans)", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(site.Folder, "spool")));
    }

    [Fact]
    public async Task Keys_of_a_cluster_are_read_and_said_to_be_without_effect()
    {
        using var site = new TestSite("#{}", extraToml: "[server.cluster]\naddress = \"silo1\"\nsilo_port = 12000\n");
        var (code, _, error) = await ServerProcess.RunAsync("check", "-c", site.ConfigFile);
        Assert.Equal(0, code);
        Assert.Contains("warning: server.cluster is not yet in effect", error, StringComparison.Ordinal);
    }
}
