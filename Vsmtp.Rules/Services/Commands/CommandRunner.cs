using System.Diagnostics.CodeAnalysis;
using System.Text;
using Vsmtp.Rules.Running;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Services.Commands;

/// <summary>Runs the program of a <c>cmd</c> service.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore that nobody waits for with a handle holds nothing of the system.")]
internal sealed class CommandRunner(string name, CommandOptions options) : ServiceEngine
{
    private const int MaxOutputBytes = 4096;
    private const int SwitchFailed = 1;
    private const int CannotExecute = 126;
    private const int CannotFind = 127;
    private const int ExecuteMode = 1;

    /// <summary>After the end of a program its output is there already, unless something that was set free holds the pipe open.</summary>
    private static readonly TimeSpan OutputPatience = TimeSpan.FromMilliseconds(200);

    private static readonly string[] Kept = ["PATH", "LANG", "LC_ALL", "TZ"];
    private static readonly string[] KeptOfOwn = ["HOME", "USER", "LOGNAME"];

    private readonly SemaphoreSlim _slots = new(options.MaxInFlight);

    public IReadOnlyList<string> Arguments => options.Arguments;

    /// <exception cref="OperationCanceledException">The run's token; the program and all under it are killed.</exception>
    public async ValueTask<Completion> RunAsync(HostCall call, IReadOnlyList<string> arguments)
    {
        using var budget = new CancellationTokenSource(call.TimeLeft, call.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, call.Cancellation);
        try
        {
            await _slots.WaitAsync(linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!call.Cancellation.IsCancellationRequested)
        {
            return Completion.Error($"service `{name}`: {options.MaxInFlight} commands run already, and none ended in time");
        }

        try
        {
            var (result, output) = await RunNowAsync(call, arguments, linked.Token).ConfigureAwait(false);
            if (output.Length > 0) (call.State as RuleState)?.Write(RuleLogLevel.Debug, $"service `{name}`, {result.ToText()}: {output}");
            return Value.From(result);
        }
        catch (CommandFailedException e)
        {
            return Completion.Error($"service `{name}`: {e.Message}");
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<(CommandResult Result, string Output)> RunNowAsync(HostCall call, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var account = options.User is null && options.Group is null ? null : CommandAccount.Find(options.User, options.Group);
        var environment = Variables(account);
        var path = FindProgram(options.Program);
        var isSwitching = account is not null && !IsOwn(account);
        List<string> line = [options.Program, .. arguments];
        if (isSwitching)
        {
            if (NativeProcess.EffectiveUser() != 0) throw new CommandFailedException("only root can run a command as another user or group");
            line = ["setpriv", .. account!.ToOptions(), "--", path, .. arguments];
            path = FindProgram("setpriv");
        }

        using var timeout = new CancellationTokenSource(options.Timeout, call.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var child = ChildProcess.Start(path, line, environment);
        await using var _ = child.ConfigureAwait(false);
        using var reading = new CancellationTokenSource();
        var read = ReadAsync(child.Output, reading.Token);
        try
        {
            await child.WaitAsync(linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!call.Cancellation.IsCancellationRequested)
        {
            // Its time, or the run's, is over: killed below, and the script sees the signal.
        }

        var result = await child.EndAsync().ConfigureAwait(false);
        reading.CancelAfter(OutputPatience);
        var output = await read.ConfigureAwait(false);
        if (isSwitching) ThrowIfNotSwitched(result, output);
        return (result, output);
    }

    private bool IsOwn(CommandAccount account) => options.Group is null && account.User is { } user && user == NativeProcess.EffectiveUser();

    /// <summary>setpriv says so itself when it cannot become the user or start the program.</summary>
    private static void ThrowIfNotSwitched(CommandResult result, string output)
    {
        if (result.Code is SwitchFailed or CannotExecute or CannotFind && output.StartsWith("setpriv: ", StringComparison.Ordinal))
            throw new CommandFailedException(output);
    }

    private static string FindProgram(string program)
    {
        if (program.Contains('/')) return program;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(path => File.Exists(path) && NativeProcess.Access(path, ExecuteMode) == 0)
            ?? throw new CommandFailedException($"`{program}` cannot be started: there is no such program in PATH");
    }

    /// <summary>A few names only: the server's environment may hold secrets, such as the store's password.</summary>
    private static List<string> Variables(CommandAccount? account)
    {
        var names = account is { Home: not null } or { User: not null } ? Kept : [.. Kept, .. KeptOfOwn];
        var kept = names.Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name))).Where(v => v.Value is not null).ToList();
        if (account?.Home is { } home) kept.Add(("HOME", home));
        if (account?.Name is { } user) kept.AddRange([("USER", user), ("LOGNAME", user)]);
        return [.. kept.Select(v => $"{v.Name}={v.Value}")];
    }

    /// <summary>All output is read, so that the program is not held up, and the first of it kept.</summary>
    private static async Task<string> ReadAsync(Stream output, CancellationToken cancellationToken)
    {
        var kept = new byte[MaxOutputBytes];
        var dropped = new byte[MaxOutputBytes];
        var count = 0;
        try
        {
            while (true)
            {
                var target = count < kept.Length ? kept.AsMemory(count) : dropped.AsMemory();
                var got = await output.ReadAsync(target, cancellationToken).ConfigureAwait(false);
                if (got == 0) break;
                if (count < kept.Length) count += got;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // What was read is enough.
        }

        return string.Concat(Encoding.UTF8.GetString(kept, 0, count).Select(c => char.IsControl(c) ? ' ' : c)).Trim();
    }
}
