using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace Vsmtp.Rules.Services.Commands;

/// <summary>
/// A program in a session of its own: standard input is <c>/dev/null</c>, output and errors come to a pipe, no other file of this
/// process is open in it, no signal is ignored or blocked. Disposing ends it and all that it has started.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>More than any C library needs for the structures of posix_spawn.</summary>
    private const int StructureBytes = 1024;

    private const int SignalSetBytes = 128;

    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(10);

    private readonly int _id;
    private readonly Task _exit;
    private bool _isReaped;

    private ChildProcess(int id, AnonymousPipeServerStream output)
    {
        (_id, Output) = (id, output);
        _exit = ChildExits.Instance.WaitAsync(id);
    }

    /// <summary>Standard output and standard error.</summary>
    public AnonymousPipeServerStream Output { get; }

    /// <param name="path">The program's file.</param>
    /// <param name="arguments">With the program's name as the first.</param>
    /// <param name="environment">All of it, as <c>NAME=value</c>.</param>
    /// <exception cref="CommandFailedException">It cannot be started.</exception>
    public static ChildProcess Start(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment)
    {
        _ = ChildExits.Instance;                               // must know of signals before there is a child
        var output = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        using var memory = new SpawnMemory();
        var (actions, attributes) = (memory.Block(StructureBytes), memory.Block(StructureBytes));
        try
        {
            Prepare(actions, attributes, output);
            var error = NativeProcess.Spawn(
                out var id, memory.Text(path), actions, attributes, memory.List(arguments), memory.List(environment));
            if (error != 0) throw new CommandFailedException($"`{arguments[0]}` cannot be started: {Marshal.GetPInvokeErrorMessage(error)}");
            return new ChildProcess(id, output);
        }
        catch
        {
            output.Dispose();
            throw;
        }
        finally
        {
            output.DisposeLocalCopyOfClientHandle();
            _ = NativeProcess.DestroyActions(actions);
            _ = NativeProcess.DestroyAttributes(attributes);
        }
    }

    /// <summary>Waits until the program has ended; what it has started may still run.</summary>
    /// <exception cref="OperationCanceledException">The token; the program runs on.</exception>
    public Task WaitAsync(CancellationToken cancellationToken) => _exit.WaitAsync(cancellationToken);

    /// <summary>SIGKILL for the program and everything under it.</summary>
    public void Kill()
    {
        if (_isReaped) return;
        if (!_exit.IsCompleted) KillTree();
        // The number is the group's for as long as the program is not reaped, so nothing else can be hit.
        _ = NativeProcess.Kill(-_id, NativeProcess.SignalKill);
    }

    /// <summary>Ends what the program has left running, and tells how it ended itself.</summary>
    /// <exception cref="CommandFailedException">That cannot be known, or it cannot be killed.</exception>
    public async Task<CommandResult> EndAsync()
    {
        Kill();
        try
        {
            await _exit.WaitAsync(KillPatience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Reaped when it ends after all, so that no zombie stays.
            _isReaped = true;
            _ = _exit.ContinueWith(ended => NativeProcess.WaitForStatus(_id, out var status, 0), TaskScheduler.Default);
            throw new CommandFailedException("the command cannot be killed: it runs as another user, or waits for a device");
        }

        _isReaped = true;
        if (NativeProcess.WaitForStatus(_id, out var status, 0) != _id)
            throw new CommandFailedException("how the command ended cannot be known: the server was started with SIGCHLD ignored");
        // wait(2): the signal in the low seven bits, or the exit code in the next octet.
        var signal = status & 0x7F;
        return signal == 0 ? CommandResult.Exited((status >> 8) & 0xFF) : CommandResult.Signalled(signal);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isReaped) await EndAsync().ConfigureAwait(false);
        await Output.DisposeAsync().ConfigureAwait(false);
    }

    private static void Prepare(IntPtr actions, IntPtr attributes, AnonymousPipeServerStream output)
    {
        _ = NativeProcess.InitActions(actions);
        _ = NativeProcess.InitAttributes(attributes);
        _ = NativeProcess.AddOpen(actions, 0, "/dev/null", 0, 0);
        _ = NativeProcess.AddDuplicate(actions, output.ClientSafePipeHandle, 1);
        _ = NativeProcess.AddDuplicate(actions, output.ClientSafePipeHandle, 2);
        try
        {
            // All of ours close by themselves; this is for those that the server was started with.
            _ = NativeProcess.AddCloseFrom(actions, 3);
        }
        catch (EntryPointNotFoundException)
        {
            // An older C library.
        }

        const short Flags = NativeProcess.SpawnSetSignalDefaults | NativeProcess.SpawnSetSignalMask | NativeProcess.SpawnSetSession;
        _ = NativeProcess.SetFlags(attributes, Flags);
        _ = NativeProcess.SetSignalMask(attributes, new byte[SignalSetBytes]);
        // .NET ignores SIGPIPE, and a program inherits that.
        var all = new byte[SignalSetBytes];
        Array.Fill(all, byte.MaxValue);
        _ = NativeProcess.SetSignalDefaults(attributes, all);
    }

    /// <summary>Those, too, that have gone into a group or session of their own.</summary>
    private void KillTree()
    {
        try
        {
            using var process = Process.GetProcessById(_id);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception or AggregateException)
        {
            // Ended meanwhile, or one of them may not be killed by us; the group is killed next.
        }
    }
}
