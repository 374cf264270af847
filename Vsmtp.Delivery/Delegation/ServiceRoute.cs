using Vsmtp.Delivery.Work;
using Vsmtp.Mail.Delegation;
using Vsmtp.Mail.Transfer;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Delivery.Delegation;

/// <summary>What of a service's settings its connections hang on: another one gets a lane of its own.</summary>
internal sealed record ServiceRoute(string Name, SmtpDestination Delegator, TimeSpan Timeout, int MaxInFlight, int MaxConnects)
{
    public TransferProtocol Protocol { get; private init; }

    public SmtpTls Tls { get; private init; } = SmtpTls.None;

    /// <summary>Well below the 180 s after which clamsmtpd closes a silent connection.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(60);

    public static ServiceRoute Of(SmtpServiceSettings service, SmtpDestination delegator) =>
        new(service.Name, delegator, service.Timeout, service.MaxInFlight, service.MaxConnects)
        {
            Protocol = service.Protocol,
            Tls = new SmtpTls(service.Tls, service.TlsAuthorities),
        };

    public PoolLane MakeLane(string serverName, TimeProvider time) =>
        new(new SmtpConnectionPool(Delegator, ToClientOptions(serverName), time), MaxInFlight);

    /// <summary>For suspects: one at a time, each on a connection of its own.</summary>
    public PoolLane MakeSuspectLane(string serverName, TimeProvider time) =>
        new(new SmtpConnectionPool(Delegator, ToClientOptions(serverName) with { MaxIdle = 0 }, time), width: 1);

    /// <summary>spec/delegates.md §2 to §4 say why each of these is as it is.</summary>
    private SmtpClientOptions ToClientOptions(string serverName) => new()
    {
        HeloName = serverName,
        Protocol = Protocol,
        Tls = Tls,
        Timeouts = SmtpClientTimeouts.All(Timeout),
        AllowsPipelining = false,
        AllRecipientsOrNone = true,
        SendsUnannounced8Bit = true,
        AcknowledgesQuickly = true,
        MaxConnects = MaxConnects,
        MaxIdle = MaxInFlight,
        IdleTime = IdleTime,
        MaxAge = IdleTime,
    };
}
