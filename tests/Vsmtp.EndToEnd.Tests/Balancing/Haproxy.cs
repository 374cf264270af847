using System.Net.Sockets;
using System.Text;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Balancing;

/// <summary>The real HAProxy, with the configuration that docs/operations.md gives but for its addresses.</summary>
internal sealed class Haproxy : IAsyncDisposable
{
    private readonly string _folder;
    private readonly DaemonProcess _process;

    private Haproxy(string folder)
    {
        _folder = folder;
        _process = DaemonProcess.Start("haproxy", "-db", "-f", Path.Combine(folder, "haproxy.cfg"));
    }

    /// <summary>Where clients come.</summary>
    public int Port { get; private init; }

    private string StatisticsSocket => Path.Combine(_folder, "stats.sock");

    /// <summary>Skips the test where it is not installed, and fails it where it must be: in continuous integration.</summary>
    public static void RequireInstalled() => DaemonProcess.RequireInstalled("haproxy", "haproxy");

    /// <param name="edit">What is to be different in the configuration beside the addresses.</param>
    public static async Task<Haproxy> StartAsync(int serverPort, Func<string, string>? edit = null)
    {
        RequireInstalled();
        var folder = Directory.CreateTempSubdirectory("vsmtp-e2e-haproxy-").FullName;
        var port = FreePorts.Take(1)[0];
        var configuration = await ReadDocumentedAsync();
        foreach (var (there, here) in new[]
        {
            ("203.0.113.25:25", $"127.0.0.1:{port}"), ("source 10.0.0.1\n", $"source {BalancedSite.Balancer}\n"),
            ("10.0.0.11:25", $"127.0.0.1:{serverPort}"), ("10.0.0.12:25", $"127.0.0.1:{serverPort}"),
        })
        {
            Assert.Contains(there, configuration);
            configuration = configuration.Replace(there, here, StringComparison.Ordinal);
        }

        configuration = edit?.Invoke(configuration) ?? configuration;
        await File.WriteAllTextAsync(
            Path.Combine(folder, "haproxy.cfg"), $"global\n    stats socket {Path.Combine(folder, "stats.sock")}\n\n{configuration}");
        return new Haproxy(folder) { Port = port };
    }

    /// <summary>Waits until a server has been checked, and gives the result, as <c>L7OK</c>.</summary>
    public async Task<string> CheckedAsync(string server)
    {
        const int status = 36;                                 // HAProxy management guide §9.1: check_status
        var result = "";
        await Patience.UntilAsync(
            async () =>
            {
                var fields = (await AskAsync("show stat")).Split('\n').Select(line => line.Split(','))
                    .FirstOrDefault(line => line is ["vsmtp", var name, ..] && name == server);
                result = fields?[status] ?? "";
                return result is not ("" or "INI") && !result.StartsWith('*');
            },
            $"{server} has been checked", () => _process.Said);
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<string> ReadDocumentedAsync()
    {
        var manual = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "docs", "operations.md"));
        return manual.Split("```haproxy\n")[1].Split("```")[0];
    }

    private async Task<string> AskAsync(string command)
    {
        Assert.False(_process.HasExited, _process.Said);
        if (!File.Exists(StatisticsSocket)) return "";
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(StatisticsSocket));
        }
        catch (SocketException)
        {
            return "";                                         // the socket's file is there before it listens
        }

        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\n"));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
