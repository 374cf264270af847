using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Vsmtp.Rules.Services.Commands;

/// <summary>Tells when children of this process have ended; no thread waits for one. A child stays to be reaped by who started it.</summary>
internal sealed class ChildExits
{
    private const int SignalInformationBytes = 128;

    private static readonly Lazy<ChildExits> Shared = new(() => new ChildExits());

    private readonly ConcurrentDictionary<int, TaskCompletionSource> _waiting = [];
    private readonly PosixSignalRegistration _registration;

    // One signal may stand for several children that have ended.
    private ChildExits()
    {
        // A server that ends before its runs do leaves nothing behind.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();
        _registration = OperatingSystem.IsWindows()
            ? throw new PlatformNotSupportedException("services of kind cmd need Linux")
            : PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => Look());
    }

    /// <summary>The signals of a process come in one place.</summary>
    public static ChildExits Instance => Shared.Value;

    /// <param name="id">A child that has not been reaped.</param>
    public Task WaitAsync(int id)
    {
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = waiting;
        // It may have ended before it was known here.
        Look(id, waiting);
        return waiting.Task;
    }

    private void KillAll()
    {
        foreach (var id in _waiting.Keys) _ = NativeProcess.Kill(-id, NativeProcess.SignalKill);
    }

    private void Look()
    {
        GC.KeepAlive(_registration);
        foreach (var (id, waiting) in _waiting) Look(id, waiting);
    }

    private void Look(int id, TaskCompletionSource waiting)
    {
        var information = new byte[SignalInformationBytes];
        var answer = NativeProcess.WaitId(
            NativeProcess.WaitForOne, id, information, NativeProcess.WaitExited | NativeProcess.WaitNoHang | NativeProcess.WaitKeep);
        var isRunning = answer == 0 && BitConverter.ToInt32(information) == 0;
        if (isRunning) return;
        _waiting.TryRemove(KeyValuePair.Create(id, waiting));
        waiting.TrySetResult();
    }
}
