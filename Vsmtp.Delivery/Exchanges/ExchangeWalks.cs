using System.Collections.Immutable;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Pace;
using Vsmtp.Delivery.Remote;
using Vsmtp.Delivery.Work;
using Vsmtp.Dns;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Delivery.Exchanges;

/// <summary>What all walks from server to server share: names, connections, and where we are ourselves.</summary>
/// <param name="Resolver">For the addresses of hosts.</param>
/// <param name="Hosts">The ways to single servers, which domains share.</param>
/// <param name="Remote">Sends one mail to one server.</param>
/// <param name="Own">Not to be sent to.</param>
/// <param name="Port">At which servers take mail; 25 (RFC 5321 §4.5.4.2).</param>
internal sealed record ExchangeWalks(
    IDnsResolver Resolver, LaneSet<SmtpDestination, PoolLane> Hosts, RemoteDelivery Remote, OwnAddresses Own, int Port)
{
    /// <param name="pace">Told how servers answer.</param>
    public ExchangeWalk Begin(DeliveryJob job, ImmutableArray<MailRecipient> recipients, LeasedPace pace) => new(this, job, recipients, pace);
}
