using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vsmtp.Configuration;
using Vsmtp.Configuration.Options;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Stores;
using Vsmtp.Gateway.Authentication;
using Vsmtp.Gateway.Certificates;
using Vsmtp.Gateway.Clients;
using Vsmtp.Gateway.Listening;
using Vsmtp.Gateway.Messages;
using Vsmtp.Gateway.Proxying;
using Vsmtp.Gateway.Rates;
using Vsmtp.Gateway.Receiving;
using Vsmtp.Gateway.Transport;
using Vsmtp.Rules;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Server;
using Vsmtp.Smtp.Server.Authentication;

namespace Vsmtp.Gateway.Hosting;

/// <summary>Puts a gateway into a web host: Kestrel listens, the session talks, the rules and the grains decide.</summary>
public static class GatewayServices
{
    /// <summary>Adds the gateway. It needs an <see cref="IContentStore"/>, an <see cref="IStoreHealth"/>, a <see cref="RuleSetCatalog"/>, a <see cref="RuleEngine"/>, an
    /// <see cref="IRuleLog"/>, an <see cref="Orleans.IGrainFactory"/> and a <see cref="TimeProvider"/> from elsewhere.</summary>
    /// <param name="certificates">Loaded; null: no TLS.</param>
    public static IServiceCollection AddGateway(
        this IServiceCollection services, VsmtpConfiguration configuration, ServerCertificates? certificates)
    {
        var options = OptionsOf(configuration, certificates);
        if (certificates is not null) services.AddSingleton(certificates);
        var codes = configuration.Server.Smtp.Codes;
        services.AddSingleton(options);
        services.AddSingleton<IConnectionListenerFactory, SocketListenerFactory>();
        services.AddSingleton<SessionDrain>();
        services.AddSingleton<ReceiverDirectory>();
        services.AddSingleton<PatientCall>();
        services.AddSingleton<MailAcceptance>();
        services.AddSingleton<MailOffers>();
        services.AddSingleton<MailReturns>();
        services.AddSingleton<BalancerDoor>();
        services.AddSingleton(provider => new ClientPaces(configuration.Server.Smtp.Rates, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new FailurePace(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(_ => new KeyWorkers(KeyWorkers.HalfTheProcessors));
        if (configuration.Server.Smtp.Auth?.Users is { } users)
        {
            services.AddSingleton(provider => new UserStore(
                users, provider.GetRequiredService<KeyWorkers>(), provider.GetRequiredService<ILoggerFactory>().CreateLogger<UserStore>()));
        }

        // Kestrel would make one per listener, and each would count its own clients.
        services.AddSingleton<SmtpConnectionHandler>();
        services.AddSingleton(provider => new ClientServices(
            provider.GetRequiredService<RuleSetCatalog>(),
            provider.GetRequiredService<RuleEngine>(),
            provider.GetRequiredService<IRuleLog>(),
            provider.GetRequiredService<IContentStore>(),
            provider.GetRequiredService<IStoreHealth>(),
            provider.GetRequiredService<MailAcceptance>(),
            provider.GetRequiredService<MailOffers>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>().CreateLogger<ClientPolicy>())
        {
            ServerName = configuration.Server.Domain,
            Denied = ReplyTexts.Of(codes, ReplyName.Denied, SmtpReplies.Denied),
            Accepted = ReplyTexts.Of(codes, ReplyName.Ok, SmtpReplies.Ok),
            Users = provider.GetService<UserStore>(),
            KeyWorkers = provider.GetRequiredService<KeyWorkers>(),
            FailurePace = provider.GetRequiredService<FailurePace>(),
            Paces = provider.GetRequiredService<ClientPaces>(),
            Node = options.Node,
            Stopping = provider.GetRequiredService<SessionDrain>().Stopping,
        });
        return services;
    }

    /// <summary>Opens the gateway's listeners on the host's Kestrel.</summary>
    public static void ListenForSmtp(this KestrelServerOptions kestrel, VsmtpConfiguration configuration)
    {
        foreach (var end in configuration.Server.Interfaces.Addr)
            kestrel.Listen(end, listener => listener.UseConnectionHandler<SmtpConnectionHandler>());
        foreach (var end in configuration.Server.Interfaces.AddrSubmission)
            kestrel.Listen(end, listener => ListenerMark.Submission.Put(listener).UseConnectionHandler<SmtpConnectionHandler>());
        foreach (var end in TlsListenersOf(configuration.Server))
            kestrel.Listen(end, listener => ListenerMark.Submissions.Put(listener).UseConnectionHandler<SmtpConnectionHandler>());
    }

    private static ImmutableArray<IPEndPoint> ClearListenersOf(ServerOptions server) =>
        [.. server.Interfaces.Addr, .. server.Interfaces.AddrSubmission];

    /// <summary>Without a certificate no connection could succeed: nothing listens there.</summary>
    private static ImmutableArray<IPEndPoint> TlsListenersOf(ServerOptions server) => server.Tls is null ? [] : server.Interfaces.AddrSubmissions;

    private static SmtpServerTls? TlsOf(TlsOptions? tls, ServerCertificates? certificates) => tls is null || certificates is null
        ? null
        : new SmtpServerTls(certificates.TermsFor)
        {
            IsRequired = tls.SecurityLevel is TlsSecurityLevel.Encrypt,
            HandshakeTimeout = tls.HandshakeTimeout,
        };

    private static SmtpServerAuth? AuthOf(AuthOptions? auth) => auth is null ? null : new([.. auth.Mechanisms.Select(AuthMechanismName.Of).Select(SaslMechanism.Named)])
    {
        IsAllowedInClear = auth.EnableDangerousMechanismInClair,
        IsRequired = auth.MustBeAuthenticated,
        MaxCancelled = auth.AttemptCountMax ?? -1,
    };

    private static GatewayOptions OptionsOf(VsmtpConfiguration configuration, ServerCertificates? certificates)
    {
        var server = configuration.Server;
        return new GatewayOptions
        {
            Listeners = [.. ClearListenersOf(server), .. TlsListenersOf(server)],
            Balancers = server.Interfaces.Balancers,
            XClientPeers = server.Interfaces.XClient,
            XForwardPeers = server.Interfaces.XForward,
            MaxClients = server.ClientCountMax,
            TooManyConnections = ReplyTexts.Of(server.Smtp.Codes, ReplyName.ConnectionMaxReached, SmtpReplies.TooManyConnections),
            Smtp = new SmtpServerOptions
            {
                Domain = server.Domain,
                Greeting = ReplyTexts.Own(server.Smtp.Codes, ReplyName.Greetings),
                IsEhloDisabled = server.Smtp.DisableEhlo,
                MaxMessageBytes = server.Smtp.MessageSizeLimit,
                MaxRecipients = server.Smtp.RcptCountMax,
                SoftErrorCount = server.Smtp.Error.SoftCount ?? -1,
                HardErrorCount = server.Smtp.Error.HardCount ?? -1,
                ErrorDelay = server.Smtp.Error.Delay,
                Timeouts = new SmtpTimeouts
                {
                    Connect = server.Smtp.TimeoutClient.Connect,
                    Helo = server.Smtp.TimeoutClient.Helo,
                    MailFrom = server.Smtp.TimeoutClient.MailFrom,
                    RcptTo = server.Smtp.TimeoutClient.RcptTo,
                    Data = server.Smtp.TimeoutClient.Data,
                    Reply = server.Smtp.TimeoutClient.Data,
                },
                Tls = TlsOf(server.Tls, certificates),
                Auth = AuthOf(server.Smtp.Auth),
                Replies = ReplyTexts.SetOf(server.Smtp.Codes),
            },
        };
    }
}
