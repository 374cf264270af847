using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Pace;
using Vsmtp.Delivery.Remote;
using Vsmtp.Delivery.Routing;
using Vsmtp.Delivery.TlsPolicies;
using Vsmtp.Delivery.Work;
using Vsmtp.Dns;

namespace Vsmtp.Delivery.Exchanges;

/// <summary>What all walks from server to server share: names, connections, and where we are ourselves.</summary>
/// <param name="Resolver">For the addresses of hosts.</param>
/// <param name="Hosts">The ways to single servers, shared by domains that ask the same of a session: one made for less is of no use for more.</param>
/// <param name="Remote">Sends one mail to one server.</param>
/// <param name="Own">Not to be sent to.</param>
/// <param name="Port">At which servers take mail; 25 (RFC 5321 §4.5.4.2).</param>
/// <param name="Log">Hears what demands on trial would have held up.</param>
internal sealed record ExchangeWalks(
    IDnsResolver Resolver, LaneSet<Route.Smtp, PoolLane> Hosts, RemoteDelivery Remote, OwnAddresses Own, int Port, ILogger Log)
{
    /// <param name="demand">What each server must have.</param>
    /// <param name="pace">Told how servers answer.</param>
    public ExchangeWalk Begin(DeliveryJob job, ImmutableArray<MailRecipient> recipients, TlsDemand demand, LeasedPace pace) =>
        new(this, job, recipients, demand, pace);
}
