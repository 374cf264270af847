using System.Diagnostics;
using Vsmtp.Cli.Queues;
using Vsmtp.Dashboard.Api;

namespace Vsmtp.EndToEnd.Tests.Support;

/// <summary>The real program, run on a <see cref="TestSite"/>; started, stopped and killed as often as a test likes.</summary>
internal sealed class ServerProcess(TestSite site, params string[] options) : IAsyncDisposable
{
    private const int SigHup = 1;
    private const int SigTerm = 15;
    private const int SigStop = 19;
    private const int SigCont = 18;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(60);

    private Process? _process;
    private List<string> _said = [];

    public LocalApiClient Api => field ??= new(Path.Combine(site.Folder, site.Spool, Socket));

    /// <summary>The file of the local API's socket, by its name.</summary>
    public string Socket { get; init; } = "vsmtp.sock";

    /// <summary>Whom it becomes where root runs the tests; null: as the file says. Folders of tests are the test's user's alone.</summary>
    public string? User { get; init; } = "root";

    /// <summary>A program that becomes the server, with its options. Default: none.</summary>
    public string[] Launcher { get; set; } = [];

    /// <summary>Keys over those of the file, as <c>key=value</c>, from the next start on.</summary>
    public List<string> Settings { get; } = [];

    /// <summary>Variables beside those of the tests' own environment, from the next start on.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    public bool IsRunning => _process is { HasExited: false };

    public int Id => _process!.Id;

    /// <summary>What it has printed since its last start.</summary>
    public string Said
    {
        get
        {
            lock (_said) return string.Join(Environment.NewLine, _said);
        }
    }

    public static string Program => Path.Combine(ProgramFolder.Path, "vsmtp");

    private IEnumerable<string> SettingsOfStart => User is null ? Settings : Settings.Prepend($"server.system.user={User}");

    public async Task StartAsync()
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = _said = [];
        var settings = SettingsOfStart.SelectMany(setting => new[] { "--set", setting });
        string[] line = [.. Launcher, Program, "serve", "-c", site.ConfigFile, .. options, .. settings];
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Variables) start.Environment[name] = value;
        var process = _process = Process.Start(start)!;
        void Hear(string? line)
        {
            if (line is null) return;
            lock (said) said.Add(line);
            if (line == "ready") ready.TrySetResult();
        }

        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("The server ended before it was ready."));
        try
        {
            await ready.Task.WaitAsync(StartTimeout);
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"{fault.Message}{Environment.NewLine}{Said}", fault);
        }
    }

    /// <summary>SIGKILL: nothing is written, flushed or said any more.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>SIGSTOP: it hangs, and its connections stay.</summary>
    public void Freeze() => _ = NativeSignals.Kill(_process!.Id, SigStop);

    /// <summary>SIGCONT.</summary>
    public void Thaw() => _ = NativeSignals.Kill(_process!.Id, SigCont);

    /// <summary>SIGHUP: reloads the rules.</summary>
    public void HangUp() => _ = NativeSignals.Kill(_process!.Id, SigHup);

    /// <summary>SIGTERM: drains.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        _ = NativeSignals.Kill(_process!.Id, SigTerm);
        return await WaitForExitAsync();
    }

    /// <summary>Waits until it has ended, as it was told to or by itself.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync()
    {
        using var timeout = new CancellationTokenSource(StopTimeout);
        await _process!.WaitForExitAsync(timeout.Token);
        var code = _process.ExitCode;
        _process.Dispose();
        _process = null;
        return code;
    }

    /// <summary>Waits until a mail is in one of the queues.</summary>
    public async Task<ApiMailDetails> WaitForAsync(string id, params string[] queues)
    {
        ApiMailDetails? mail = null;
        await Patience.UntilAsync(
            async () => (mail = await Api.FindAsync(id)) is not null && queues.Contains(mail.Mail.Queue),
            $"{id} in {string.Join(" or ", queues)}",
            () => mail is null ? "no such mail" : Describe(mail));
        return mail!;
    }

    public static string Describe(ApiMailDetails mail)
    {
        var text = new StringWriter();
        MailPrinter.PrintDetails(text, mail);
        return text.ToString();
    }

    /// <summary>Runs a command of the program to its end.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(StartTimeout);
        await process.WaitForExitAsync(timeout.Token);
        return (process.ExitCode, await output, await error);
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        if (_process is not null) await KillAsync();
    }
}
