using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Vsmtp.Gateway.Listening;

namespace Vsmtp.Gateway.Proxying;

/// <summary>
/// Lets a balancer's connections in once they have said whose they are. Others pass as they come: their first bytes are not looked
/// at, since whoever may choose whether to send a header may choose who he is (PP §2: the receiver "MUST not try to guess").
/// </summary>
internal sealed partial class BalancerDoor(GatewayOptions options, SessionDrain drain, TimeProvider time, ILogger<BalancerDoor> logger)
{
    internal const string Silent = "it sent nothing and closed (HAProxy: check-send-proxy)";
    internal const string Truncated = "it closed amid its PROXY header";
    internal const string TooSlow = "its PROXY header took too long";

    private readonly SessionCount _clientHeaders = new(options.MaxProxyHeadersAwaited);
    private readonly SessionCount _serviceHeaders = new(options.MaxProxyHeadersAwaited);

    /// <summary>Takes the header off a balancer's connection; what follows it stays in the pipe.</summary>
    /// <param name="isService">It came in at a receiver.</param>
    /// <returns>Null: the connection is to be closed without a word; the log has been told why.</returns>
    public async ValueTask<ConnectionEnds?> PassAsync(ConnectionContext connection, bool isService)
    {
        var real = ConnectionEnds.Of(connection);
        if (!IsBalancer(real.Client.Address)) return real;
        var (id, balancer) = (connection.ConnectionId, real.Client.ToString());
        using var place = (isService ? _serviceHeaders : _clientHeaders).TryEnter();
        if (place is null)
        {
            LogTooMany(id, balancer);
            return null;
        }

        switch (await ReadAsync(connection.Transport.Input).ConfigureAwait(false))
        {
            case ProxyHeader.Own:
                return real;
            case ProxyHeader.Relayed(var client, var server):
                LogRelayed(id, client.ToString(), balancer);
                return new ConnectionEnds(client, server);
            case ProxyHeader.Refused(var why):
                LogRefused(id, balancer, why);
                return null;
            default:
                LogGone(id, balancer);
                return null;
        }
    }

    private bool IsBalancer(IPAddress peer)
    {
        foreach (var range in options.Balancers)
        {
            if (range.Contains(peer)) return true;
        }

        return false;
    }

    /// <returns>Null: the connection broke, or the server stops.</returns>
    private async ValueTask<ProxyHeader?> ReadAsync(PipeReader input)
    {
        using var patience = new CancellationTokenSource(options.ProxyHeaderTimeout, time);
        // Not the token of the closed connection: a peer may close its side behind a header that is whole.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, drain.Stopping);
        try
        {
            while (true)
            {
                var result = await input.ReadAsync(either.Token).ConfigureAwait(false);
                var rest = result.Buffer;
                var isKnown = ProxyHeaderParser.TryParse(ref rest, out var header);
                // What is behind the header was looked at by nobody: the session's first read is to find it.
                input.AdvanceTo(rest.Start, isKnown ? rest.Start : rest.End);
                if (isKnown) return header;
                if (result.IsCompleted) return new ProxyHeader.Refused(rest.IsEmpty ? Silent : Truncated);
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return new ProxyHeader.Refused(TooSlow);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            return null;
        }
    }

    [LoggerMessage(EventId = GatewayEvents.ConnectionRelayed, Level = LogLevel.Information, Message = "{Session}: {Client} comes through {Balancer}")]
    private partial void LogRelayed(string session, string client, string balancer);

    [LoggerMessage(EventId = GatewayEvents.ProxyHeaderRefused, Level = LogLevel.Warning, Message = "{Session}: the balancer {Balancer} is closed without a reply: {Reason}")]
    private partial void LogRefused(string session, string balancer, string reason);

    [LoggerMessage(EventId = GatewayEvents.ProxyHeadersTooMany, Level = LogLevel.Warning, Message = "{Session}: the balancer {Balancer} is closed without a reply: too many connections wait for their PROXY headers")]
    private partial void LogTooMany(string session, string balancer);

    [LoggerMessage(EventId = GatewayEvents.BalancerGone, Level = LogLevel.Information, Message = "{Session}: the connection of the balancer {Balancer} ended before its PROXY header was whole")]
    private partial void LogGone(string session, string balancer);
}
