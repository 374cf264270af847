using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using Vsmtp.Delivery.Carrying;
using Vsmtp.Delivery.Local;
using Vsmtp.Delivery.Tests.Support;

namespace Vsmtp.Delivery.Tests.Carrying;

/// <summary>What a server that somebody has taken over could say to the carrier.</summary>
[SupportedOSPlatform("linux")]
public sealed class CarrierChannelTests : IDisposable
{
    private const string Name = "1795720180.m-00-01m8cm6x3422kqqzbq9rvd01ez_b92df9a47f85fa99.mx.example.com";

    private readonly TemporaryFolder _folder = new();

    public CarrierChannelTests()
    {
        if (!Posix.IsSupported) Assert.Skip("Mailboxes need 64-bit Linux.");
    }

    public static TheoryData<string, byte[]> Nonsense => new()
    {
        { "no word", Frame('?', "") },
        { "a message without a mailbox", Frame('C', "octets") },
        { "the end of none", Frame('E', "") },
        { "a frame without an end", [(byte)'Q', 0x7F, 0xFF, 0xFF, 0xFF] },
        { "a frame of less than nothing", [(byte)'Q', 0xFF, 0xFF, 0xFF, 0xFF] },
        { "a frame that is longer than frames are", Frame('Q', new string('x', CarrierFrame.MaxBytes + 1)) },
        { "another format", Frame('Q', $"pipe\0nobody\0{Name}\0a@b.example") },
        { "too few parts", Frame('Q', $"mbox\0nobody\0{Name}") },
        { "too many parts", Frame('Q', $"mbox\0nobody\0{Name}\0a@b.example\0") },
        { "a way out of the folder", Frame('Q', "maildir\0nobody\0../../.ssh/authorized_keys\0a@b.example") },
        { "a hidden file", Frame('Q', "maildir\0nobody\0.forward\0a@b.example") },
        { "a name that no file has", Frame('Q', $"maildir\0nobody\0{new string('1', 256)}\0a@b.example") },
        { "no name", Frame('Q', "maildir\0nobody\0\0a@b.example") },
        { "a sender of two lines", Frame('Q', $"mbox\0nobody\0{Name}\0a\nFrom b") },
        { "a sender without an end", Frame('Q', $"mbox\0nobody\0{Name}\0{new string('a', 2000)}") },
        { "octets that are no text", [(byte)'Q', 0, 0, 0, 4, 0xC0, 0x80, 0xFF, 0xFE] },
    };

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Nonsense))]
    public void Nonsense_is_answered_by_nothing_but_the_end_of_the_channel(string what, byte[] octets)
    {
        using var bench = new CarrierBench(_folder.Path, channels: 1);
        using var server = bench.TakeRaw();
        server.Send(octets);
        Assert.True(HearsTheEnd(server), what);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void A_half_frame_is_waited_for_and_its_end_is_the_servers()
    {
        using var bench = new CarrierBench(_folder.Path, channels: 1);
        using var server = bench.TakeRaw();
        server.Send(Frame('Q', $"mbox\0nobody\0{Name}\0")[..^1]);
        server.Shutdown(SocketShutdown.Send);
        Assert.True(HearsTheEnd(server));
        Assert.Empty(_folder.Files);
    }

    [Theory]
    [InlineData("no-such-account-here", "never\u00005.1.1\u0000")]
    [InlineData("../nobody", "never\u00005.1.1\u0000")]
    [InlineData("", "never\u00005.1.1\u0000")]
    [InlineData("root", "later\u00004.3.5\u0000mail is not put into folders of root")]
    [InlineData("ROOT", "later\u00004.3.5\u0000mail is not put into folders of root")]
    public void Who_gets_no_mail_gets_none_and_the_channel_goes_on(string account, string answer)
    {
        using var bench = new CarrierBench(_folder.Path, channels: 1);
        using var server = bench.TakeRaw();
        foreach (var format in new[] { "mbox", "maildir" })
        {
            server.Send(Frame('Q', $"{format}\0{account}\0{Name}\0"));
            Assert.StartsWith($"N{answer}", Hear(server), StringComparison.Ordinal);
        }

        Assert.Empty(_folder.Files);
    }

    private static byte[] Frame(char word, string text)
    {
        var octets = Encoding.UTF8.GetBytes(text);
        var frame = new byte[5 + octets.Length];
        frame[0] = (byte)word;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), octets.Length);
        octets.CopyTo(frame, 5);
        return frame;
    }

    /// <summary>The word and what follows its length.</summary>
    private static string Hear(Socket server)
    {
        var head = new byte[5];
        Assert.Equal(5, server.Receive(head));
        var octets = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1))];
        Assert.Equal(octets.Length, server.Receive(octets));
        return (char)head[0] + Encoding.UTF8.GetString(octets);
    }

    private static bool HearsTheEnd(Socket server)
    {
        try
        {
            return server.Receive(new byte[1]) == 0;
        }
        catch (SocketException fault)
        {
            return fault.SocketErrorCode is SocketError.ConnectionReset;   // not all that was sent was read
        }
    }
}
