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

    /// <summary>Skips the test where a program is not installed, and fails it where it must be: in continuous integration.</summary>
    /// <param name="package">The Debian package that has it.</param>
    public static void RequireInstalled(string program, string package)
    {
        if (Find(program) is not null) return;
        var why = $"{program} is not installed: apt-get install --no-install-recommends {package}";
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(why);
        Assert.Skip(why);
    }

    /// <summary>Runs a program to its end, which must be a good one.</summary>
    /// <returns>What it printed.</returns>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find(program)!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}:{Environment.NewLine}{await output}{await error}");
        return await output;
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
