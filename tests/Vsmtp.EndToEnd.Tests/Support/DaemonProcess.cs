using System.Diagnostics;

namespace Vsmtp.EndToEnd.Tests.Support;

/// <summary>A program of the system that runs in the foreground beside a test; asked to end when disposed, killed if it does not.</summary>
internal sealed class DaemonProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly List<string> _said = [];

    private DaemonProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it has printed so far.</summary>
    public string Said
    {
        get
        {
            lock (_said) return string.Join(Environment.NewLine, _said);
        }
    }

    /// <summary>Where a program is; daemons are in /usr/sbin, which not every user's PATH has. Null: not installed.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin")
        .Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    public static DaemonProcess Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find(program)!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        return new DaemonProcess(Process.Start(start)!);
    }

    /// <summary>Runs a program to its end, which must be a good one.</summary>
    public static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    public async ValueTask DisposeAsync()
    {
        _ = NativeSignals.Kill(_process.Id, SigTerm);
        using var patience = new CancellationTokenSource(EndTimeout);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null) return;
        lock (_said) _said.Add(line);
    }
}
