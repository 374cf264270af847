using System.Diagnostics;

namespace Vsmtp.Cli.Demo;

/// <summary>A program that runs beside the demo and ends with it.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly TaskCompletionSource _saidReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _said = [];

    private ChildProcess(Process process, string? readyLine)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Hear(line.Data, readyLine);
        process.ErrorDataReceived += (_, line) => Hear(line.Data, readyLine);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it has printed so far, a line each.</summary>
    public string Said
    {
        get
        {
            lock (_said) return string.Join(Environment.NewLine, _said);
        }
    }

    public bool HasExited => _process.HasExited;

    /// <param name="readyLine">What it prints when <see cref="WaitUntilReadyAsync"/> is to return; null: it prints nothing such.</param>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, string? readyLine = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        return new ChildProcess(Process.Start(start)!, readyLine);
    }

    /// <exception cref="InvalidOperationException">It ended before.</exception>
    /// <exception cref="TimeoutException">It is not ready in time.</exception>
    public async Task WaitUntilReadyAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var ended = _process.WaitForExitAsync(cancellationToken);
        if (await Task.WhenAny(_saidReady.Task.WaitAsync(timeout, cancellationToken), ended) == ended && !_saidReady.Task.IsCompleted)
            throw new InvalidOperationException($"{_process.StartInfo.FileName} ended with {_process.ExitCode}:{Environment.NewLine}{Said}");
        await _saidReady.Task.WaitAsync(timeout, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            UnixSignals.Terminate(_process.Id);
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
    }

    private void Hear(string? line, string? readyLine)
    {
        if (line is null) return;
        lock (_said) _said.Add(line);
        if (readyLine is not null && line.Contains(readyLine, StringComparison.Ordinal)) _saidReady.TrySetResult();
    }
}
