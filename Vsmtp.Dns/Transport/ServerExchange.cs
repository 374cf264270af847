using System.Net;
using System.Net.Sockets;
using Vsmtp.Dns.Messages;

namespace Vsmtp.Dns.Transport;

/// <summary>Asks one server once, over TCP where the answer is too long for UDP, without EDNS where the server does not know it.</summary>
internal sealed class ServerExchange(TimeSpan timeout, bool dnssec, TimeProvider time)
{
    /// <summary>Whether a server's AD counts: only the path to loopback is one that nobody else writes on (RFC 6698 appendix A.3).</summary>
    public static bool IsBelieved(IPAddress server) => IPAddress.IsLoopback(server);

    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/>; a time-out is a reply.</exception>
    public async Task<ServerReply> AskAsync(IPEndPoint server, DnsQuestion question, CancellationToken cancellationToken)
    {
        var reply = await TryAsync(server, question, edns: true, cancellationToken).ConfigureAwait(false);

        // RFC 6891 §6.2.2 and §7.
        if (reply is ServerReply.Answered
            {
                Message.ResponseCode: DnsResponseCode.FormatError or DnsResponseCode.NotImplemented or DnsResponseCode.BadVersion,
            })
        {
            reply = await TryAsync(server, question, edns: false, cancellationToken).ConfigureAwait(false);
        }

        return reply is ServerReply.Answered answered && AnswerUse.WhyUseless(answered.Message, question) is { } why
            ? new ServerReply.Failed(why) : reply;
    }

    private async Task<ServerReply> TryAsync(IPEndPoint server, DnsQuestion question, bool edns, CancellationToken cancellationToken)
    {
        var wasPassedOver = false;
        var overUdp = await WithinTimeoutAsync(
            token => UdpExchange.AskAsync(server, NewQuestion(question, edns), () => wasPassedOver = true, token),
            () => wasPassedOver ? ", but something else" : "",
            cancellationToken).ConfigureAwait(false);
        if (overUdp.Failure is not null) return new ServerReply.Failed(overUdp.Failure);
        if (overUdp.Message is not null) return Answered(server, overUdp.Message);

        var overTcp = await WithinTimeoutAsync(
            token => TcpExchange.AskAsync(server, NewQuestion(question, edns), token), () => "", cancellationToken).ConfigureAwait(false);
        if (overTcp.Failure is not null) return new ServerReply.Failed(overTcp.Failure + " over TCP");
        return overTcp.Message is null ? new ServerReply.Failed("no valid answer over TCP") : Answered(server, overTcp.Message);
    }

    private OutgoingQuestion NewQuestion(DnsQuestion question, bool edns) => new(question, edns, dnssec && edns);

    private ServerReply.Answered Answered(IPEndPoint server, DnsMessage message) =>
        new(message, dnssec && IsBelieved(server.Address) && (message.Header.Flags & DnsHeader.AuthenticDataFlag) != 0);

    private async Task<(DnsMessage? Message, string? Failure)> WithinTimeoutAsync(
        Func<CancellationToken, Task<DnsMessage?>> ask, Func<string> andWhat, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return (await ask(either.Token).ConfigureAwait(false), null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"no answer within {timeout.TotalSeconds:0.###} s{andWhat()}");
        }
        catch (SocketException exception)
        {
            return (null, $"unreachable: {exception.Message}");
        }
    }
}
