namespace Vsmtp.Smtp.Client;

/// <summary>How long a client waits for the other side; the defaults are the least that RFC 5321 §4.5.3.2 asks for.</summary>
public sealed record SmtpClientTimeouts
{
    /// <summary>For name resolution and the TCP connection, over all addresses. Default: 30 s.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For the greeting (RFC 5321 §4.5.3.2.1). Default: 5 min.</summary>
    public TimeSpan Greeting { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>For the whole reply to EHLO, MAIL, RCPT and RSET (§4.5.3.2.2, §4.5.3.2.3). Default: 5 min.</summary>
    public TimeSpan Command { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>For the reply to DATA (§4.5.3.2.4). Default: 2 min.</summary>
    public TimeSpan DataStart { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>For the other side to take one piece of the message (§4.5.3.2.5). Default: 3 min.</summary>
    public TimeSpan DataChunk { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>For the reply to the final dot (§4.5.3.2.6). Default: 10 min.</summary>
    public TimeSpan DataEnd { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The same limit for each.</summary>
    public static SmtpClientTimeouts All(TimeSpan limit) => new()
    {
        Connect = limit, Greeting = limit, Command = limit, DataStart = limit, DataChunk = limit, DataEnd = limit,
    };
}
