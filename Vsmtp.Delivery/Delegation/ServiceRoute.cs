using Vsmtp.Contracts.Pace;
using Vsmtp.Delivery.Pace;
using Vsmtp.Delivery.Work;
using Vsmtp.Mail.Delegation;
using Vsmtp.Mail.Transfer;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Delivery.Delegation;

/// <summary>What of a service's settings its connections hang on: another one gets a lane of its own.</summary>
internal sealed record ServiceRoute(string Name, SmtpDestination Delegator, TimeSpan Timeout, int MaxInFlight, int MaxConnects)
{
    public TransferProtocol Protocol { get; private init; }

    /// <summary>In all processes together; null: no such bound.</summary>
    public int? MaxInFlightTotal { get; private init; }

    public SmtpTls Tls { get; private init; } = SmtpTls.None;

    /// <summary>Well below the 180 s after which clamsmtpd closes a silent connection.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(60);

    public static ServiceRoute Of(SmtpServiceSettings service, SmtpDestination delegator) =>
        new(service.Name, delegator, service.Timeout, service.MaxInFlight, service.MaxConnects)
        {
            Protocol = service.Protocol,
            MaxInFlightTotal = service.MaxInFlightTotal,
            Tls = new SmtpTls(service.Tls, service.TlsAuthorities),
        };

    public PoolLane MakeLane(string serverName, PaceMaker paces, TimeProvider time) =>
        new(new SmtpConnectionPool(Delegator, ToClientOptions(serverName), time), MakeTurns(paces, MaxInFlight));

    /// <summary>For suspects: one at a time, each on a connection of its own.</summary>
    public PoolLane MakeSuspectLane(string serverName, PaceMaker paces, TimeProvider time) =>
        new(new SmtpConnectionPool(Delegator, ToClientOptions(serverName) with { MaxIdle = 0 }, time), MakeTurns(paces, 1, "-suspects"));

    private ITurns MakeTurns(PaceMaker paces, int width, string part = "") => MaxInFlightTotal is { } total
        ? paces.Make(new PaceTerms(PaceKey.OfService(Name, Delegator.ToString()), First: total, Most: total, width), part)
        : new FixedTurns(width);

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
