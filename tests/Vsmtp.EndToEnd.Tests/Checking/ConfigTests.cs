using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Checking;

/// <summary>The configuration that holds, as the program shows it.</summary>
public sealed class ConfigTests : IDisposable
{
    private const string Password = "Tr0ub4dor-and-3";

    private readonly TestSite _site = new(extraToml: $"""
        [server.storage]
        url = "postgres://mail:{Password}@127.0.0.1:5433/vsmtp"
        [server.smtp.error]
        soft_count = 5
        hard_count = 20
        delay = "7s"
        """);

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Show_gives_every_key_and_no_password_and_what_it_gives_is_a_configuration()
    {
        var shown = await OutputAsync("show", "-c", _site.ConfigFile, "--set", "server.domain=shown.example");
        Assert.Contains("\ndomain = \"shown.example\"\n", shown, StringComparison.Ordinal);
        Assert.Contains("\nurl = \"postgres://mail@127.0.0.1:5433/vsmtp\"\n", shown, StringComparison.Ordinal);
        Assert.Contains("\n[server.smtp.error]\nsoft_count = 5\nhard_count = 20\ndelay = \"7s\"\n", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, shown, StringComparison.Ordinal);
        _site.Write("shown.toml", shown);
        Assert.Equal(shown, await OutputAsync("show", "-c", Path.Combine(_site.Folder, "shown.toml")));
    }

    [Fact]
    public async Task Diff_gives_what_is_not_the_default_and_nothing_else()
    {
        Assert.Equal("", await OutputAsync("diff"));
        Assert.Equal(
            ["+ server.delivery.relayhost = \"relay.example:25\"", "- server.smtp.rcpt_count_max = 1000", "+ server.smtp.rcpt_count_max = 7"],
            (await OutputAsync("diff", "--set", "server.smtp.rcpt_count_max=7", "--set", "server.delivery.relayhost=relay.example:25"))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var diff = await OutputAsync("diff", "-c", _site.ConfigFile);
        Assert.Contains("+ server.storage.url = \"postgres://mail@127.0.0.1:5433/vsmtp\"\n", diff, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, diff, StringComparison.Ordinal);
        Assert.DoesNotContain("hard_count", diff, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("show")]
    [InlineData("diff")]
    public async Task What_cannot_be_read_is_told_with_its_place_and_nothing_is_shown(string command)
    {
        _site.Write("broken.toml", "[server]\ndomain = 5\n");
        var (code, output, error) = await ServerProcess.RunAsync("config", command, "-c", Path.Combine(_site.Folder, "broken.toml"));
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("broken.toml:2:10: error: ", error, StringComparison.Ordinal);
    }

    private static async Task<string> OutputAsync(params string[] arguments)
    {
        var (code, output, error) = await ServerProcess.RunAsync(["config", .. arguments]);
        Assert.True(code == 0, error);
        Assert.DoesNotContain(Password, error, StringComparison.Ordinal);
        return output;
    }
}
