using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Compose;

/// <summary>The file that a site starts from says what the program understands. Whether its processes work together, eng/cluster-local shows.</summary>
public sealed partial class ComposeFileTests
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
    public void Each_service_is_watched_has_time_to_drain_and_may_do_no_more_than_it_must() => Assert.All(_file.Services, service =>
    {
        var (name, one) = service;
        Assert.True(one.Has("healthcheck"), name);
        Assert.Equal("50s", one.Text("stop_grace_period"));
        Assert.Equal("true", one.Text("read_only"));
        Assert.Equal(["ALL"], one.Texts("cap_drop"));
        Assert.Equal(["no-new-privileges:true"], one.Texts("security_opt"));
    });

    [Fact]
    public void Addresses_that_others_keep_are_fixed_and_Docker_gives_them_to_nobody_else()
    {
        var (subnet, range) = _file.NetworkOf("mail");
        foreach (var name in new[] { "balancer", "gateway1", "gateway2", "mail" })
        {
            var address = IPAddress.Parse(_file.Services[name].AddressIn("mail")!);
            Assert.True(IPNetwork.Parse(subnet).Contains(address), name);
            Assert.False(IPNetwork.Parse(range).Contains(address), name);
        }

        // clamsmtpd looks up OUT_ADDRESS once, at its start, and ends where there is no such name.
        Assert.Equal(["mail"], _file.Services["scanner"].DependsOn);
        Assert.Equal(["balancer"], _file.Services["clamav"].DependsOn);
    }

    [Fact]
    public void The_balancer_knows_each_gateway_and_each_gateway_the_balancer()
    {
        var balancer = _file.Services["balancer"];
        Assert.Equal(balancer.AddressIn("mail"), balancer.Environment("SOURCE"));
        foreach (var gateway in new[] { "gateway1", "gateway2" })
        {
            Assert.Equal(_file.Services[gateway].AddressIn("mail"), balancer.Environment(gateway.ToUpperInvariant()));
            Assert.Contains($"server.interfaces.balancers=[\"{balancer.AddressIn("mail")}\"]", _file.Services[gateway].Command);
        }

        var settings = File.ReadAllText(Path.Combine(SourceTree.Root, "docker", "haproxy", "haproxy.cfg"));
        Assert.All(EnvironmentUse().Matches(settings), use => Assert.NotNull(balancer.Environment(use.Groups[1].Value)));
    }

    [Fact]
    public void The_password_is_neither_committed_nor_part_of_an_image()
    {
        Assert.Contains(".env", File.ReadAllLines(Path.Combine(SourceTree.Root, ".dockerignore")));
        Assert.Contains("/.env", File.ReadAllLines(Path.Combine(SourceTree.Root, ".gitignore")));
    }

    [Theory]
    [InlineData("single")]
    [InlineData("cluster")]
    public async Task Docker_takes_the_file(string profile)
    {
        if (DaemonProcess.Find("docker") is { } docker && (await RunAsync(docker, "compose", "version")).Code == 0)
        {
            var (code, said) = await RunAsync(docker, "compose", "--project-directory", SourceTree.Root, "--profile", profile, "config", "--quiet");
            Assert.True(code == 0, said);
            return;
        }

        // Debian's is of an earlier generation, which reads all of the file but its first key.
        DaemonProcess.RequireInstalled("docker-compose", "docker-compose");
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, _file.Text.Replace("\nname: vsmtp\n", "\n", StringComparison.Ordinal), TestContext.Current.CancellationToken);
            var (code, said) = await RunAsync(
                DaemonProcess.Find("docker-compose")!, "-f", file, "--project-directory", SourceTree.Root, "--profile", profile, "config", "--quiet");
            Assert.True(code == 0, said);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Each_variable_has_a_default_but_the_password_which_must_be_given()
    {
        Assert.All(_file.Variables, use => Assert.True(use.Name == "POSTGRES_PASSWORD" ? use.IsRequired : use.HasDefault, use.Name));
        Assert.DoesNotContain("a-secret", _file.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_single_profile_delivers_a_clean_mail_and_quarantines_an_infected_one() => await LocalCluster.CheckAsync("single");

    private static async Task<(int Code, string Said)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["POSTGRES_PASSWORD"] = "a-secret" } };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }

    [GeneratedRegex(@"\$\{(\w+)\}")]
    private static partial Regex EnvironmentUse();
}
