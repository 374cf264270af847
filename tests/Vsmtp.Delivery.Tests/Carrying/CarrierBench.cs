using System.Net.Sockets;
using Vsmtp.Delivery.Carrying;
using Vsmtp.Delivery.Local;

namespace Vsmtp.Delivery.Tests.Carrying;

/// <summary>A carrier's channels in threads of this process, with mboxes in a folder of the test.</summary>
internal sealed class CarrierBench : IDisposable
{
    private readonly List<Thread> _threads = [];
    private readonly List<Socket> _sockets = [];

    public CarrierBench(string mboxRoot, int channels, TimeSpan? mboxPatience = null)
    {
        var table = new MailboxTable(null, mboxRoot, localGroup: null, isAnyone: true);
        var pairs = Enumerable.Range(0, channels + 1).Select(_ => Descriptor.MakePair()).ToList();
        foreach (var (_, theirs) in pairs) _sockets.Add(new Socket(new SafeSocketHandle(theirs, ownsHandle: true)));
        foreach (var socket in _sockets[1..])
        {
            var thread = new Thread(new CarrierChannel(socket, table, mboxPatience ?? TimeSpan.FromSeconds(20)).Serve);
            thread.Start();
            _threads.Add(thread);
        }

        Link = new CarrierLink([.. pairs.Select(pair => pair.Ours)]);
    }

    /// <summary>The server's end.</summary>
    public CarrierLink Link { get; }

    public static Socket Open(int descriptor) => new(new SafeSocketHandle(descriptor, ownsHandle: true)) { ReceiveTimeout = 30_000 };

    /// <summary>A server's end by itself, to say anything.</summary>
    public Socket TakeRaw()
    {
        Open(Link.Descriptors[0]).Dispose();
        return Open(Link.Descriptors[1]);
    }

    /// <summary>As if the carrier had ended.</summary>
    public void End()
    {
        foreach (var socket in _sockets) socket.Dispose();
    }

    /// <summary>Waits for the channels, whose server's ends are closed by now.</summary>
    public void Dispose()
    {
        _sockets[0].Dispose();
        foreach (var thread in _threads) Assert.True(thread.Join(TimeSpan.FromSeconds(30)), "a channel did not end with the server");
    }
}
