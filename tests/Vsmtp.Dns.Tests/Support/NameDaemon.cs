using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Vsmtp.Dns.Messages;

namespace Vsmtp.Dns.Tests.Support;

/// <summary>A real name server of Debian on a free port of 127.0.0.1, with a configuration and a folder of its own.</summary>
internal sealed class NameDaemon : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private NameDaemon(Process process, DirectoryInfo folder, IPEndPoint address) => (_process, _folder, Address) = (process, folder, address);

    public IPEndPoint Address { get; }

    /// <summary>
    /// Starts it and waits until it answers; skips the test where the program is not installed, and fails it in continuous integration.
    /// </summary>
    /// <param name="program">As /usr/sbin has it.</param>
    /// <param name="package">The Debian package that has it.</param>
    /// <param name="arguments">For a configuration file at the path given.</param>
    /// <param name="configuration">For a folder and a port.</param>
    /// <param name="knownName">A name that it has an A record of.</param>
    public static async Task<NameDaemon> StartAsync(
        string program, string package, Func<string, string[]> arguments, Func<string, int, string> configuration, string knownName)
    {
        var path = $"/usr/sbin/{program}";
        if (!File.Exists(path))
        {
            var why = $"{program} is not installed: apt-get install --no-install-recommends {package}";
            if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(why);
            Assert.Skip(why);
        }

        var folder = Directory.CreateTempSubdirectory("vsmtp-dns-");
        for (var tries = 1; ; tries++)
        {
            var address = FreePort();
            var file = Path.Combine(folder.FullName, $"{program}.conf");
            await File.WriteAllTextAsync(file, configuration(folder.FullName, address.Port));
            var process = Process.Start(new ProcessStartInfo(path, arguments(file)) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var said = process.StandardError.ReadToEndAsync();
            var daemon = new NameDaemon(process, folder, address);
            if (await daemon.AnswersAsync(knownName)) return daemon;
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync();

            // Another may have taken the port meanwhile.
            if (tries == 3) throw new InvalidOperationException($"{program} does not answer: {await said}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        // nsd has children, which end with their parent if it is told to end.
        using (var kill = Process.Start("kill", [$"{_process.Id}"])) await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<bool> AnswersAsync(string knownName)
    {
        await using var resolver = new DnsResolver(new DnsResolverOptions
        {
            Servers = [Address], Timeout = TimeSpan.FromMilliseconds(500), Attempts = 1, UseHostsFile = false, CacheSize = 0,
        });
        for (var tries = 0; tries < 200 && !_process.HasExited; tries++)
        {
            if (await resolver.QueryAsync(knownName, DnsType.A) is DnsAnswer.Records) return true;
            await Task.Delay(50);
        }

        return false;
    }

    private static IPEndPoint FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }
}
