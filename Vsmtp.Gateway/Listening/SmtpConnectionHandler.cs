using System.Collections.Immutable;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Stores;
using Vsmtp.Gateway.Clients;
using Vsmtp.Gateway.Messages;
using Vsmtp.Gateway.Proxying;
using Vsmtp.Gateway.Rates;
using Vsmtp.Gateway.Receiving;
using Vsmtp.Gateway.Transport;
using Vsmtp.Mail.Delegation;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Server;

namespace Vsmtp.Gateway.Listening;

/// <summary>
/// Takes each connection of Kestrel's: a client's, or a service's that brings mails back, as its socket's local address says. What a
/// balancer says of where its client came in decides nothing here: else a client could choose to be a service.
/// </summary>
internal sealed partial class SmtpConnectionHandler(
    GatewayOptions options,
    ClientServices clients,
    ReceiverDirectory receivers,
    BalancerDoor balancers,
    IContentStore contents,
    IStoreHealth store,
    MailReturns returns,
    SessionDrain drain,
    TimeProvider time,
    ILogger<SmtpConnectionHandler> logger) : ConnectionHandler
{
    /// <summary>For the peer to take what we said last.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly SessionCount _clientCount = new(options.MaxClients);
    private readonly SessionCount _serviceCount = new(options.MaxServices);
    private readonly SmtpServerOptions _receiverOptions = options.Smtp with
    {
        Extensions = SmtpExtensions.Receiver,
        Auth = null,
        Tls = null,                                            // design rule 5 binds it to configured peers
        IsEhloDisabled = false,
        MaxMessageBytes = options.Smtp.MaxMessageBytes + options.ReturnSlackBytes,
        MaxHeaderBytes = options.MaxReturnedHeaderBytes,
        MaxRecipients = Math.Max(options.Smtp.MaxRecipients, options.MaxReturnedRecipients),
        SoftErrorCount = -1,
        HardErrorCount = -1,
        // One line, whatever the site's words for clients are: clamsmtpd hangs on two.
        Replies = new SmtpReplySet(),
        Greeting = null,
    };

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var connectedAt = time.GetUtcNow();
        var services = receivers.ServicesAt(ConnectionEnds.Of(connection).Server);
        // Whom a balancer speaks for must be known before anything is counted, judged or said.
        if (await balancers.PassAsync(connection, isService: !services.IsEmpty).ConfigureAwait(false) is not { } ends)
        {
            connection.Abort();
            return;
        }

        var session = new SmtpSessionInfo(connection.ConnectionId, ends.Client, ends.Server, connectedAt)
        {
            Watch = connection is SocketConnection socket ? socket.Watch : null,
            MaySpeakForOthers = services.IsEmpty && options.XClientPeers.Any(range => range.Contains(ends.Client.Address)),
            MayTellOrigin = services.IsEmpty && options.XForwardPeers.Any(range => range.Contains(ends.Client.Address)),
        };
        var count = services.IsEmpty ? _clientCount : _serviceCount;
        using var place = count.TryEnter();
        if (place is null)
        {
            LogTooMany(session.Id, session.Client.ToString());
            await RefuseAsync(connection, options.TooManyConnections).ConfigureAwait(false);
            return;
        }

        // A proxy's clients are counted when it says who they are.
        if (services.IsEmpty && !session.MaySpeakForOthers && !clients.Paces.TryConnect(session.Client.Address))
        {
            LogTooFast(session.Id, session.Client.ToString());
            await RefuseAsync(connection, ClientPaces.TooManyConnections).ConfigureAwait(false);
            return;
        }

        if (store.Condition is StoreCondition.Away)
        {
            await RefuseAsync(connection, PressureReplies.NotNow).ConfigureAwait(false);
            return;
        }

        LogAccepted(session.Id, session.Client.ToString(), session.Server.ToString());
        await ServeAsync(connection, session, services).ConfigureAwait(false);
    }

    private async Task ServeAsync(ConnectionContext connection, SmtpSessionInfo session, ImmutableArray<SmtpServiceSettings> services)
    {
        var end = SessionEnd.ConnectionLost;
        var mark = ListenerMark.Of(connection);
        try
        {
            var smtp = services.IsEmpty
                ? new SmtpServerSession(
                    options.Smtp, new SmtpConnection(connection.Transport, session) { IsTlsFirst = mark.IsTlsFirst, IsSubmission = mark.IsSubmission },
                    new ClientPolicy(clients), time, logger)
                : new SmtpServerSession(
                    _receiverOptions with { Timeouts = TimesOf(services) },
                    new SmtpConnection(connection.Transport, session, PacingOf(connection)),
                    new ReceiverPolicy(services, contents, store, returns, logger), time, logger);
            end = await smtp.RunAsync(drain.Stopping, connection.ConnectionClosed).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogFailed(fault, session.Id);
        }
        finally
        {
            await CloseAsync(connection, saidGoodbye: end is SessionEnd.Quit).ConfigureAwait(false);
        }
    }

    /// <summary>Closes while the place is still held: a peer that does not take the last replies has a connection that is counted.</summary>
    /// <param name="saidGoodbye">The peer has nothing more to say, so that nothing is left unread that would break the connection.</param>
    private Task CloseAsync(ConnectionContext connection, bool saidGoodbye = false)
    {
        if (connection is not SocketConnection socket || (saidGoodbye && socket.IsQuiet)) return Task.CompletedTask;
        return socket.LingerAsync(Farewell, time);
    }

    /// <summary>
    /// Between MAIL and DATA a synchronous service scans, for as long as we are ready to wait for it at the other end: a receiver
    /// that hung up before would have the mail tried again for ever. The times that clients have are no measure of that.
    /// </summary>
    private static SmtpTimeouts TimesOf(ImmutableArray<SmtpServiceSettings> services)
    {
        var usual = new SmtpTimeouts();
        var scan = services.Max(service => service.Timeout) * 2;
        return scan <= usual.RcptTo
            ? usual
            : usual with { Connect = scan, Helo = scan, MailFrom = scan, RcptTo = scan, Data = scan };
    }

    private static QuickAckPacing? PacingOf(ConnectionContext connection) =>
        connection.Features.Get<IConnectionSocketFeature>() is { } feature ? new QuickAckPacing(feature.Socket) : null;

    private async Task RefuseAsync(ConnectionContext connection, SmtpReply reply)
    {
        // Whoever waits for TLS understands nothing else.
        if (!ListenerMark.Of(connection).IsTlsFirst)
        {
            SmtpReplyWriter.Write(connection.Transport.Output, reply);
            await connection.Transport.Output.FlushAsync().ConfigureAwait(false);
        }

        await CloseAsync(connection).ConfigureAwait(false);
    }

    [LoggerMessage(EventId = GatewayEvents.ConnectionAccepted, Level = LogLevel.Information, Message = "{Session}: {Client} connected to {Server}")]
    private partial void LogAccepted(string session, string client, string server);

    [LoggerMessage(EventId = GatewayEvents.ConnectionRefused, Level = LogLevel.Warning, Message = "{Session}: {Client} is one connection too many")]
    private partial void LogTooMany(string session, string client);

    [LoggerMessage(EventId = GatewayEvents.RateExceeded, Level = LogLevel.Information, Message = "{Session}: {Client} connects too often and is told to come later")]
    private partial void LogTooFast(string session, string client);

    [LoggerMessage(EventId = GatewayEvents.SessionFailed, Level = LogLevel.Error, Message = "{Session}: the session failed")]
    private partial void LogFailed(Exception fault, string session);
}
