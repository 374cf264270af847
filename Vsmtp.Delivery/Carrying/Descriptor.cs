using System.Runtime.InteropServices;

namespace Vsmtp.Delivery.Carrying;

/// <summary>Open files as numbers, for those that go from one program to the next.</summary>
public static partial class Descriptor
{
    private const string C = "libc";
    private const int Unix = 1;
    private const int StreamClosedOnExec = 1 | 0x80000;
    private const int SetFlags = 2;
    private const int CloseOnExec = 1;

    /// <summary>Two sockets that are connected with each other, closed in what this process starts.</summary>
    /// <exception cref="IOException">There is no room for them.</exception>
    public static (int Ours, int Theirs) MakePair()
    {
        var pair = new int[2];
        if (SocketPair(Unix, StreamClosedOnExec, 0, pair) != 0) throw new IOException($"cannot make sockets: {Marshal.GetLastPInvokeErrorMessage()}");
        return (pair[0], pair[1]);
    }

    /// <summary>Open, by the same number, in what is started from now on.</summary>
    public static void LetInherit(int descriptor) => _ = Control(descriptor, SetFlags, 0);

    /// <summary>Closed in what is started from now on.</summary>
    public static void KeepPrivate(int descriptor) => _ = Control(descriptor, SetFlags, CloseOnExec);

    public static void Close(int descriptor) => _ = CloseIt(descriptor);

    [LibraryImport(C, EntryPoint = "close")]
    private static partial int CloseIt(int descriptor);

    [LibraryImport(C, EntryPoint = "socketpair", SetLastError = true)]
    private static partial int SocketPair(int family, int type, int protocol, int[] pair);

    [LibraryImport(C, EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int argument);
}
