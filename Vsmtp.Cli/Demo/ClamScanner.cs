using System.Net.Sockets;

namespace Vsmtp.Cli.Demo;

/// <summary>clamd and clamsmtpd, as Debian installs them, run privately with the example's configuration.</summary>
internal sealed class ClamScanner(DemoSite site) : IDemoScanner
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly string _folder = Directory.CreateTempSubdirectory("vsmtp-clam-").FullName;
    private ChildProcess? _clamd;
    private ChildProcess? _clamsmtpd;

    public string Description => "clamd and clamsmtpd, with a signature for the EICAR test file only";

    public static bool IsInstalled => Find("clamd") is not null && Find("clamsmtpd") is not null;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "tmp"));
        Directory.CreateDirectory(Path.Combine(_folder, "signatures"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "signatures", "eicar.ndb"), site.Read("eicar.ndb"), cancellationToken);
        var isRoot = Environment.UserName == "root";
        var clamdConf = await WriteAsync("clamd.conf", isRoot ? "User clamav" : "", cancellationToken);
        var clamsmtpdConf = await WriteAsync("clamsmtpd.conf", isRoot ? "User: clamsmtp" : "", cancellationToken);
        if (isRoot) await RunAsync("chown", ["-R", "clamav:clamsmtp", _folder], cancellationToken);
        // clamd reads clamsmtpd's temporary files by their paths: the group that both are in may enter.
        await RunAsync("chmod", ["-R", "u=rwX,g=rwX,o=rX", _folder], cancellationToken);
        _clamd = ChildProcess.Start(Find("clamd")!, ["-c", clamdConf]);
        await UntilAsync(_clamd, () => File.Exists(Path.Combine(_folder, "clamd.sock")), cancellationToken);
        _clamsmtpd = ChildProcess.Start(Find("clamsmtpd")!, ["-d", "1", "-f", clamsmtpdConf]);
        await UntilAsync(_clamsmtpd, CanConnect, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_clamsmtpd is not null) await _clamsmtpd.DisposeAsync();
        if (_clamd is not null) await _clamd.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin")
        .Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private async Task<string> WriteAsync(string file, string user, CancellationToken cancellationToken)
    {
        var path = Path.Combine(_folder, file);
        var text = site.Read(file).Replace("@DIR@", _folder, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, $"{text}{Environment.NewLine}{user}{Environment.NewLine}", cancellationToken);
        return path;
    }

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = System.Diagnostics.Process.Start(program, arguments);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    private static async Task UntilAsync(ChildProcess process, Func<bool> isUp, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(StartTimeout);
        while (!isUp())
        {
            if (process.HasExited) throw new InvalidOperationException($"The scanner did not start:{Environment.NewLine}{process.Said}");
            await Task.Delay(Look, timeout.Token);
        }
    }

    /// <summary>It listens: its port can be taken no more. To connect would have it connect to our receiver.</summary>
    private bool CanConnect()
    {
        try
        {
            using var listener = new TcpListener(site.Scanner) { ExclusiveAddressUse = true };
            listener.Start();
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
