using System.Collections.Immutable;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Pace;
using Vsmtp.Delivery.Remote;
using Vsmtp.Delivery.Routing;
using Vsmtp.Delivery.TlsPolicies;
using Vsmtp.Delivery.Work;

namespace Vsmtp.Delivery.Exchanges;

/// <summary>The way to the servers that take mail for a domain, at the pace that they keep.</summary>
internal sealed class DomainLane(
    string domain, ExchangeFinder exchanges, ExchangeWalks walks, StsPolicies policies, SecuredSenders secured, LeasedPace pace) : RemoteLane(pace)
{
    public override async Task<ImmutableArray<RecipientReport>> DeliverAsync(
        DeliveryJob job, ImmutableArray<MailRecipient> recipients, CancellationToken cancellationToken)
    {
        if (pace.WhyPaused is { } why) return Report(recipients, Refusal.ForNow("4.4.1", $"{domain}: {why}"));
        return await exchanges.FindAsync(domain, cancellationToken).ConfigureAwait(false) switch
        {
            ExchangeList.Hosts hosts => await WalkAsync(job, recipients, hosts.Names, cancellationToken).ConfigureAwait(false),
            ExchangeList.None none => Report(recipients, none.Refusal),
            var unknown => throw new InvalidOperationException($"Unknown list {unknown}."),
        };
    }

    private async Task<ImmutableArray<RecipientReport>> WalkAsync(
        DeliveryJob job, ImmutableArray<MailRecipient> recipients, ImmutableArray<string> hosts, CancellationToken cancellationToken)
    {
        var demand = await policies.DemandOfAsync(domain, cancellationToken).ConfigureAwait(false);
        if (secured.Include(job.Envelope.Sender)) demand = demand.OfSecured;
        return await walks.Begin(job, recipients, demand, pace).RunAsync(domain, hosts, cancellationToken).ConfigureAwait(false);
    }

    private static ImmutableArray<RecipientReport> Report(ImmutableArray<MailRecipient> recipients, Refusal refusal) =>
        [.. recipients.Select(recipient => Reports.NotDelivered(recipient.Address, refusal))];
}
