using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Privileges;

/// <summary>The password of a store, which nobody is to see who does not need it.</summary>
public sealed class SecretTests
{
    private const string Password = "Tr0ub4dor-and-3";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_in_nothing_that_the_server_says_or_writes(bool isOnCommandLine)
    {
        using var site = new TestSite(extraToml: """
            [server.storage]
            free_space_min = 0
            """);
        site.Write("vsmtp.toml", File.ReadAllText(site.ConfigFile).Replace("[\"info\"]", "[\"trace\", \"Npgsql=trace\"]", StringComparison.Ordinal));
        await using var server = new ServerProcess(site);
        var url = $"postgres://mail:{Password}@127.0.0.1:{site.ServicePort}/vsmtp";
        if (isOnCommandLine) server.Settings.Add($"server.storage.url={url}");
        else server.Variables["VSMTP_STORAGE_URL"] = url;
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(server.StartAsync);
        Assert.Contains($"127.0.0.1:{site.ServicePort}", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, fault.Message, StringComparison.Ordinal);
        Assert.Equal(isOnCommandLine, fault.Message.Contains("can read the command line", StringComparison.Ordinal));
        foreach (var file in Directory.EnumerateFiles(site.Folder, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(Password, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
