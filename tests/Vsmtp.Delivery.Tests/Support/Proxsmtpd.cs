using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Delivery.Tests.Support;

/// <summary>A real delegate of clamsmtpd's family with a command of the test as its filter, in a process of its own.</summary>
internal sealed class Proxsmtpd : IAsyncDisposable
{
    private const string Program = "/usr/sbin/proxsmtpd";

    private readonly Process _process;

    private Proxsmtpd(Process process, SmtpDestination destination)
    {
        _process = process;
        Destination = destination;
    }

    public static bool IsInstalled => File.Exists(Program);

    public SmtpDestination Destination { get; }

    /// <param name="folder">For its configuration and temporary files.</param>
    /// <param name="filter">A command that reads the mail and writes it.</param>
    public static async Task<Proxsmtpd> StartAsync(TemporaryFolder folder, SmtpDestination receiver, string filter)
    {
        var port = FindFreePort();
        var configuration = folder.Sub("proxsmtpd.conf");
        await File.WriteAllTextAsync(configuration, string.Create(CultureInfo.InvariantCulture, $"""
            OutAddress: {receiver}
            Listen: 127.0.0.1:{port}
            FilterCommand: {filter}
            TempDirectory: {folder.Path}

            """));
        var start = new ProcessStartInfo(Program, ["-d", "4", "-f", configuration]) { RedirectStandardError = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        var listening = new TaskCompletionSource();
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("accepting connections", StringComparison.Ordinal) is true) listening.TrySetResult();
            if (line.Data is null) listening.TrySetException(new InvalidOperationException("proxsmtpd has ended."));
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await listening.Task.WaitAsync(TimeSpan.FromSeconds(20));
        return new Proxsmtpd(process, new SmtpDestination("127.0.0.1", port));
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>proxsmtpd cannot choose one itself and tell.</summary>
    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
