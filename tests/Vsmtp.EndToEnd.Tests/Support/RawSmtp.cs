using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Vsmtp.EndToEnd.Tests.Support;

/// <summary>A client that says exactly what it is told, octet by octet.</summary>
internal sealed class RawSmtp : IDisposable
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly StreamReader _reader;

    private RawSmtp(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
        _stream.ReadTimeout = 60_000;
        _reader = new StreamReader(_stream, Encoding.Latin1);
    }

    /// <summary>Our own end of the connection.</summary>
    public string End => _client.Client.LocalEndPoint!.ToString()!;

    /// <summary>Connects and reads the greeting.</summary>
    public static async Task<(RawSmtp Client, string Greeting)> ConnectAsync(int port, string host = "127.0.0.1")
    {
        var smtp = await ConnectFromAsync(IPAddress.Loopback, port, host: host);
        return (smtp, await smtp.ReadReplyAsync());
    }

    /// <summary>Connects, reads nothing, and sends at once what a connection may begin with.</summary>
    /// <param name="from">Another address of the loopback network, to be somebody else.</param>
    public static async Task<RawSmtp> ConnectFromAsync(IPAddress from, int port, ReadOnlyMemory<byte> opening = default, string host = "127.0.0.1")
    {
        var client = new TcpClient(new IPEndPoint(from, 0)) { NoDelay = true };
        await client.ConnectAsync(host, port);
        var smtp = new RawSmtp(client);
        await smtp.SendAsync(opening);
        return smtp;
    }

    /// <summary>Connects, is greeted with 220 and introduces itself.</summary>
    public static async Task<RawSmtp> OpenAsync(int port, string host = "127.0.0.1")
    {
        var (smtp, greeting) = await ConnectAsync(port, host);
        Assert.StartsWith("220", greeting);
        Assert.StartsWith("250", await smtp.AskAsync("EHLO client.example.org"));
        return smtp;
    }

    /// <summary>Sends a line and reads the reply to it: all lines, parted by LF.</summary>
    public async Task<string> AskAsync(string line)
    {
        await SendAsync(line + "\r\n");
        return await ReadReplyAsync();
    }

    public async Task SendAsync(string octets) => await _stream.WriteAsync(Encoding.Latin1.GetBytes(octets));

    public async Task SendAsync(ReadOnlyMemory<byte> octets) => await _stream.WriteAsync(octets);

    /// <summary>Empty at the end of the connection.</summary>
    public async Task<string> ReadReplyAsync()
    {
        var lines = new List<string>();
        while (await _reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) is { } line)
        {
            lines.Add(line);
            if (line.Length < 4 || line[3] == ' ') break;
        }

        return string.Join('\n', lines);
    }

    /// <summary>All that it says until it closes, in whatever way.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var said = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            int count;
            while ((count = await _stream.ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(60))) > 0)
                said.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        catch (IOException)
        {
            // A reset: what we sent was not all read.
        }

        return said.ToString();
    }

    /// <summary>MAIL, RCPT, DATA and a message; gives the reply to the dot, or to what was refused before.</summary>
    /// <param name="message">With CRLF at its line ends, not dot-stuffed.</param>
    public async Task<string> SendMailAsync(string from, IEnumerable<string> to, string message, string mailParameters = "")
    {
        var reply = await AskAsync($"MAIL FROM:<{from}>{mailParameters}");
        if (!reply.StartsWith('2')) return reply;
        foreach (var recipient in to)
        {
            reply = await AskAsync($"RCPT TO:<{recipient}>");
            if (!reply.StartsWith('2')) return reply;
        }

        return await SendDataAsync(message);
    }

    /// <summary>DATA and a message; gives the reply to the dot, or to DATA where that was refused.</summary>
    /// <param name="message">With CRLF at its line ends, not dot-stuffed.</param>
    public async Task<string> SendDataAsync(string message)
    {
        var reply = await AskAsync("DATA");
        if (!reply.StartsWith('3')) return reply;
        var stuffed = ("\r\n" + message).Replace("\r\n.", "\r\n..", StringComparison.Ordinal)[2..];
        await SendAsync(stuffed + (stuffed.Length == 0 || stuffed.EndsWith("\r\n", StringComparison.Ordinal) ? "" : "\r\n") + ".\r\n");
        return await ReadReplyAsync();
    }

    /// <summary>Sends one mail over a connection of its own.</summary>
    /// <returns>The id that the 250 gave.</returns>
    public static async Task<string> SendOneAsync(int port, string message, string from = "john@example.org", params string[] to)
    {
        using var smtp = await OpenAsync(port);
        var reply = await smtp.SendMailAsync(from, to.Length == 0 ? ["jane@example.com"] : to, message);
        Assert.StartsWith("250", reply);
        await smtp.AskAsync("QUIT");
        return IdOf(reply);
    }

    /// <summary>The id in the 250 to a message.</summary>
    public static string IdOf(string reply) => reply.Split(' ')[^1];

    /// <summary>Closes our side; the server's stays open.</summary>
    public void SayNoMore() => _client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>Says no more without a QUIT, and waits until the server has closed its side too.</summary>
    public async Task HangUpAsync()
    {
        SayNoMore();
        while (await _reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) is not null)
        {
            // What it still says is of no use.
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _client.Dispose();
    }
}
