using System.Net;
using System.Net.Sockets;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Tutorial;

/// <summary>The tutorial's two ports, 10025 and 10026, for this process alone; others where a stranger has them.</summary>
internal sealed class TutorialPorts : IDisposable
{
    private static readonly string LockFile = Path.Combine(Path.GetTempPath(), "vsmtp-e2e-tutorial-ports.lock");

    private readonly FileStream _lock;

    private TutorialPorts(FileStream held)
    {
        _lock = held;
        if (!IsFree(10025) || !IsFree(10026)) (Receiver, Scanner) = (FreePorts.Take(2) is [var receiver, var scanner] ? (receiver, scanner) : default);
    }

    public int Receiver { get; } = 10025;

    public int Scanner { get; } = 10026;

    /// <summary>Waits for other test runs on this machine to be done with them.</summary>
    public static async Task<TutorialPorts> TakeAsync()
    {
        FileStream? held = null;
        await Patience.UntilAsync(() => TryLock(out held), $"the lock {LockFile}", seconds: 300);
        return new TutorialPorts(held!);
    }

    /// <summary>A file of the tutorial with these ports: as it is, if they are its own.</summary>
    public string In(string text) => text
        .Replace("127.0.0.1:10025", $"127.0.0.1:{Receiver}", StringComparison.Ordinal)
        .Replace("127.0.0.1:10026", $"127.0.0.1:{Scanner}", StringComparison.Ordinal);

    public void Dispose() => _lock.Dispose();

    private static bool TryLock(out FileStream? held)
    {
        try
        {
            held = new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            held = null;
            return false;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
