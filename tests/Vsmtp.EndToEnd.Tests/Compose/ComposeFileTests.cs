using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Compose;

/// <summary>The file that a site starts from says what the program understands. Whether its processes work together, eng/cluster-local shows.</summary>
public sealed class ComposeFileTests
{
    private readonly ComposeFile _file = new();

    [Theory]
    [InlineData("single", "mail scanner")]
    [InlineData("cluster", "balancer clamav gateway1 gateway2 postgres silo1 silo2")]
    public void A_profile_has_its_services(string profile, string services) => Assert.Equal(
        services.Split(' '), _file.Services.Where(service => service.Value.Profiles.Contains(profile)).Select(service => service.Key).Order());

    [Fact]
    public async Task Each_command_of_the_program_is_one_that_it_takes_with_a_configuration_without_a_fault()
    {
        var commands = _file.Services.Where(service => service.Value is { IsOfOurs: true, Command: ["serve", "-c", "/srv/vsmtp/site/vsmtp.toml", ..] }).ToArray();
        Assert.Equal(5, commands.Length);
        foreach (var (name, service) in commands)
        {
            var role = Array.IndexOf(service.Command, "--role") is > 0 and var at ? service.Command[at + 1] : null;
            Assert.Equal(name.StartsWith("silo", StringComparison.Ordinal) ? "silo" : name.StartsWith("gateway", StringComparison.Ordinal) ? "gateway" : null, role);
            // A silo listens nowhere, which 'check', as it asks after the whole site, calls a fault of the rules.
            var settings = service.Command.Skip(3).Where(word => word != "--role" && word != role).ToArray();
            var (code, output, error) = await ServerProcess.RunAsync(
                ["check", "-c", Path.Combine(SourceTree.Root, "docker", "site", "vsmtp.toml"), .. settings, .. role == "silo" ? new[] { "--set", "server.interfaces.addr=[\"0.0.0.0:10025\"]" } : []]);
            Assert.True(code == 0, name + output + error);
        }
    }

    [Fact]
    public void All_files_and_volumes_that_it_names_are_there()
    {
        foreach (var volume in _file.Services.Values.SelectMany(service => service.Volumes).Select(volume => volume.Split(':')[0]))
        {
            if (volume.StartsWith("./", StringComparison.Ordinal)) Assert.True(Directory.Exists(Path.Combine(SourceTree.Root, volume)), volume);
            else Assert.Contains(volume, _file.Volumes);
        }

        Assert.All(_file.Services.Values.Where(service => service.IsOfOurs), service => Assert.True(File.Exists(Path.Combine(SourceTree.Root, service.Dockerfile!)), service.Image));
        Assert.All(_file.Services.Values.SelectMany(service => service.DependsOn), name => Assert.Contains(name, _file.Services.Keys));
    }

    [Fact]
    public void The_scanner_brings_mails_back_to_the_server_or_to_the_balancer_of_the_gateways()
    {
        Assert.Equal("mail:10025", _file.Services["scanner"].Environment("OUT_ADDRESS"));
        Assert.Equal("balancer:10025", _file.Services["clamav"].Environment("OUT_ADDRESS"));
    }

    [Fact]
    public void Nothing_but_SMTP_for_clients_is_published_and_the_store_has_a_network_of_its_own()
    {
        Assert.Equal(["balancer", "mail"], _file.Services.Where(service => service.Value.Ports.Length > 0).Select(service => service.Key).Order());
        Assert.All(_file.Services.Values.SelectMany(service => service.Ports), port => Assert.EndsWith(":2525", port));
        Assert.Equal(["store"], _file.Services["postgres"].Networks);
        Assert.DoesNotContain("store", _file.Services["clamav"].Networks.Concat(_file.Services["balancer"].Networks));
        Assert.All(_file.Services.Values, service => Assert.True(service.Has("restart")));
    }

    [Fact]
    public void Each_variable_has_a_default_but_the_password_which_must_be_given()
    {
        Assert.All(_file.Variables, use => Assert.True(use.Name == "POSTGRES_PASSWORD" ? use.IsRequired : use.HasDefault, use.Name));
        Assert.DoesNotContain("a-secret", _file.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_single_profile_delivers_a_clean_mail_and_quarantines_an_infected_one() => await LocalCluster.CheckAsync("single");
}
