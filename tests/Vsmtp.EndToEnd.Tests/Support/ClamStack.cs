using System.Net.Sockets;
using System.Text;

namespace Vsmtp.EndToEnd.Tests.Support;

/// <summary>A private clamd and clamsmtpd, as Debian packages them (spec/delegates.md §6); each is stopped, frozen and started as a test likes.</summary>
/// <param name="scannerPort">Where clamsmtpd takes mail.</param>
internal sealed class ClamStack(int scannerPort, int receiverPort) : IAsyncDisposable
{
    private const int SigKill = 9;
    private const int SigStop = 19;
    private const int SigCont = 18;

    private readonly string _folder = Directory.CreateTempSubdirectory("vsmtp-e2e-clam-").FullName;
    private DaemonProcess? _clamd;
    private DaemonProcess? _clamsmtpd;

    /// <summary>For a site whose rules name its <see cref="TestSite.ServicePort"/> as the service.</summary>
    public ClamStack(TestSite site)
        : this(site.ServicePort, site.ReceiverPort)
    {
    }

    /// <summary>Where clamsmtpd brings scanned mail from its next start on.</summary>
    public int ReceiverPort { get; set; } = receiverPort;

    /// <summary>A text that this stack takes for a virus, beside the EICAR test file.</summary>
    public static string Marker => "vsmtp-marker-of-an-infected-mail";

    /// <summary><c>pass</c>, <c>drop</c> or <c>bounce</c>: what clamsmtpd does with an infected mail. Null: not set, which is <c>drop</c>.</summary>
    public string? Action { get; init; } = "pass";

    /// <summary>Seconds that clamsmtpd waits for clamd and for its peers; the program's own default is 180.</summary>
    public int TimeOut { get; init; } = 180;

    /// <summary>Further lines of clamsmtpd.conf.</summary>
    public string ExtraConf { get; init; } = "";

    /// <summary>What both have printed since their last start.</summary>
    public string Said => $"clamd:{Environment.NewLine}{_clamd?.Said}{Environment.NewLine}clamsmtpd:{Environment.NewLine}{_clamsmtpd?.Said}";

    private string ClamsmtpdFile => Path.Combine(_folder, "clamsmtpd.conf");

    private string TemporaryFolder => Path.Combine(_folder, "tmp");

    private string ClamdSocket => Path.Combine(_folder, "clamd.sock");

    /// <summary>Skips the test where clamd and clamsmtpd are not installed, and fails it where they must be: in continuous integration.</summary>
    public static void RequireInstalled()
    {
        DaemonProcess.RequireInstalled("clamd", "clamav-daemon");
        DaemonProcess.RequireInstalled("clamsmtpd", "clamsmtp");
    }

    /// <summary>Starts both; returns when both take work.</summary>
    public async Task StartAsync()
    {
        RequireInstalled();
        await WriteClamdFilesAsync();
        await StartClamdAsync();
        await StartClamsmtpdAsync();
    }

    public async Task StartClamdAsync()
    {
        _clamd = DaemonProcess.Start("clamd", "-c", Path.Combine(_folder, "clamd.conf"));
        await Patience.UntilAsync(AnswersPingAsync, "clamd answers PING", () => Said);
    }

    public async Task StopClamdAsync()
    {
        await _clamd!.DisposeAsync();
        _clamd = null;
        File.Delete(ClamdSocket);
    }

    /// <summary>SIGKILL amid whatever it scans.</summary>
    public Task KillClamdAsync()
    {
        _ = NativeSignals.Kill(_clamd!.Id, SigKill);
        return StopClamdAsync();
    }

    /// <summary>SIGKILL: all its conversations break.</summary>
    public Task KillClamsmtpdAsync()
    {
        _ = NativeSignals.Kill(_clamsmtpd!.Id, SigKill);
        return StopClamsmtpdAsync();
    }

    /// <summary>Connections to clamd are taken by the kernel and answered by nobody, as by a clamd that is too slow.</summary>
    public void FreezeClamd() => _ = NativeSignals.Kill(_clamd!.Id, SigStop);

    public void ThawClamd() => _ = NativeSignals.Kill(_clamd!.Id, SigCont);

    /// <summary>Returns when it listens. It is not connected to for that: it would connect to our receiver at once.</summary>
    public async Task StartClamsmtpdAsync()
    {
        await WriteClamsmtpdFileAsync();
        var clamsmtpd = _clamsmtpd = DaemonProcess.Start("clamsmtpd", "-d", "4", "-f", ClamsmtpdFile);
        await Patience.UntilAsync(
            () => clamsmtpd.Said.Contains("accepting connections", StringComparison.Ordinal), "clamsmtpd accepts connections", () => Said);
    }

    public async Task StopClamsmtpdAsync()
    {
        await _clamsmtpd!.DisposeAsync();
        _clamsmtpd = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_clamsmtpd is not null) await StopClamsmtpdAsync();
        if (_clamd is not null)
        {
            ThawClamd();                                       // a frozen one would not hear SIGTERM
            await StopClamdAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task WriteClamdFilesAsync()
    {
        var signatures = Directory.CreateDirectory(Path.Combine(_folder, "signatures")).FullName;
        Directory.CreateDirectory(TemporaryFolder);
        await File.WriteAllTextAsync(Path.Combine(signatures, "x.ndb"), $"{Signature("Eicar-Test", Messages.Eicar)}\n{Signature("Marker-Test", Marker)}\n");
        await File.WriteAllTextAsync(Path.Combine(_folder, "clamd.conf"), $"""
            LocalSocket {ClamdSocket}
            LocalSocketMode 666
            DatabaseDirectory {signatures}
            TemporaryDirectory {TemporaryFolder}
            Foreground yes
            {(Environment.IsPrivilegedProcess ? "User clamav" : "")}

            """);
        // clamd reads clamsmtpd's temporary files by their paths: the group that both are in may enter.
        if (Environment.IsPrivilegedProcess) await DaemonProcess.RunAsync("chown", "-R", "clamav:clamsmtp", _folder);
        await DaemonProcess.RunAsync("chmod", "-R", "u=rwX,g=rwX,o=rX", _folder);
    }

    private Task WriteClamsmtpdFileAsync() => File.WriteAllTextAsync(ClamsmtpdFile, $"""
        OutAddress: 127.0.0.1:{ReceiverPort}
        Listen: 127.0.0.1:{scannerPort}
        ClamAddress: {ClamdSocket}
        TempDirectory: {TemporaryFolder}
        TimeOut: {TimeOut}
        {(Action is null ? "" : $"Action: {Action}")}
        {ExtraConf}
        {(Environment.IsPrivilegedProcess ? "User: clamsmtp" : "")}

        """);

    /// <summary>A line of a ClamAV database that finds a text anywhere, also within encoded parts of mails.</summary>
    private static string Signature(string name, string text) => $"{name}:0:*:{Convert.ToHexStringLower(Encoding.ASCII.GetBytes(text))}";

    private async Task<bool> AnswersPingAsync()
    {
        if (_clamd!.HasExited) Assert.Fail($"clamd ended.{Environment.NewLine}{Said}");
        if (!File.Exists(ClamdSocket)) return false;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(ClamdSocket));
            await socket.SendAsync("nPING\n"u8.ToArray());
            var answer = new byte[16];
            var count = await socket.ReceiveAsync(answer);
            return answer.AsSpan(0, count).StartsWith("PONG"u8);
        }
        catch (SocketException)
        {
            return false;                                      // the socket's file is there before it listens
        }
    }
}
