using System.Collections.Immutable;
using System.Net;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Pace;
using Vsmtp.Delivery.Remote;
using Vsmtp.Delivery.Routing;
using Vsmtp.Delivery.TlsPolicies;
using Vsmtp.Delivery.Work;
using Vsmtp.Dns;
using Vsmtp.Mail.Transfer;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Delivery.Exchanges;

/// <summary>One mail on its way from server to server, until each of its recipients has an answer that holds, or no server is left.</summary>
/// <remarks>
/// A recipient that a server took or refused for good is decided. One that it refused for now is tried at the next server, as is everybody
/// where there was no session, or none with the TLS that the domain demands, or it broke before the final dot. Behind the dot a server
/// may have the mail: nobody else gets it in this attempt.
/// </remarks>
internal sealed partial class ExchangeWalk
{
    /// <summary>Addresses that are tried in one attempt; RFC 5321 §5.1 asks for two at least.</summary>
    private const int MaxAddresses = 5;

    /// <summary>Servers that may answer for recipients in one attempt.</summary>
    private const int MaxSessions = 2;

    private readonly ExchangeWalks _shared;
    private readonly DeliveryJob _job;
    private readonly ImmutableArray<MailRecipient> _recipients;
    private readonly TlsDemand _demand;
    private readonly LeasedPace _pace;
    private readonly RecipientReport?[] _reports;
    private readonly List<Refusal> _without = [];      // hosts at which nothing could be tried
    private readonly List<RemoteEnd> _ends = [];

    public ExchangeWalk(ExchangeWalks shared, DeliveryJob job, ImmutableArray<MailRecipient> recipients, TlsDemand demand, LeasedPace pace)
    {
        (_shared, _job, _recipients, _demand, _pace) = (shared, job, recipients, demand, pace);
        _reports = new RecipientReport?[recipients.Length];
    }

    /// <param name="hosts">In the order in which they are to be tried.</param>
    public async Task<ImmutableArray<RecipientReport>> RunAsync(string domain, ImmutableArray<string> hosts, CancellationToken cancellationToken)
    {
        foreach (var host in hosts)
        {
            if (!Admits(host)) continue;
            foreach (var address in await FindAsync(host, cancellationToken).ConfigureAwait(false))
            {
                if (_shared.Own.Contains(address))
                {
                    _without.Add(Refusal.ForGood("5.4.6", $"{host} ({address}), which takes mail for {domain}, is this server itself"));
                    return Conclude(domain);
                }

                await TryAsync(host, address, cancellationToken).ConfigureAwait(false);
                if (IsOver) return Conclude(domain);
            }
        }

        return Conclude(domain);
    }

    private IEnumerable<int> Open => Enumerable.Range(0, _reports.Length).Where(i => _reports[i] is null or { Result: DeliveryResult.Deferred });

    private bool IsOver => !Open.Any()
        || _ends[^1] is RemoteEnd.Uncertain or RemoteEnd.NotOurs
        || _ends.Count >= MaxAddresses
        || _ends.Count(static end => end is RemoteEnd.Answered or RemoteEnd.HungUp) >= MaxSessions;

    /// <summary>A host that the domain does not mean is not even looked up: whoever forged the MX could have named it.</summary>
    private bool Admits(string host)
    {
        if (_demand.Policy is not { } policy || policy.Admits(host)) return true;
        var why = $"{policy.Source}: {host} is none of the servers that it names";
        if (policy.IsTrial) LogTrialFailed(_shared.Log, _job.MailId, why);
        else _without.Add(Refusal.ForNow("4.7.0", why));
        return policy.IsTrial;
    }

    private async Task<ImmutableArray<IPAddress>> FindAsync(string host, CancellationToken cancellationToken)
    {
        switch (await _shared.Resolver.LookupAddressesAsync(host, cancellationToken).ConfigureAwait(false))
        {
            case DnsLookup<IPAddress>.Found found:
                return found.Values;
            case DnsLookup<IPAddress>.FailedForNow failed:
                _without.Add(Refusal.ForNow("4.4.3", $"the addresses of {host} could not be looked up: {failed.Detail}"));
                return [];
            default:
                _without.Add(Refusal.ForGood("5.4.4", $"{host} has no address"));
                return [];
        }
    }

    private async Task TryAsync(string host, IPAddress address, CancellationToken cancellationToken)
    {
        var destination = new SmtpDestination(host, _shared.Port) { Address = address };
        var lane = _shared.Hosts.Rent(new Route.Smtp(destination, TransferProtocol.Smtp, _demand.Tls, Credentials: null));
        try
        {
            using var turn = await lane.EnterAsync(cancellationToken).ConfigureAwait(false);
            var open = Open.ToImmutableArray();
            var attempt = await _shared.Remote.DeliverAsync(_job, [.. open.Select(i => _recipients[i])], destination, lane.Pool, cancellationToken)
                .ConfigureAwait(false);
            foreach (var (i, report) in open.Zip(attempt.Reports)) _reports[i] = attempt.End is RemoteEnd.NotSecured ? Blame(report) : report;
            if (_demand.Policy is { IsTrial: true } trial && attempt.TlsFault is { } fault)
            {
                LogTrialFailed(_shared.Log, _job.MailId, $"{trial.Source}: {destination}: {fault}");
            }

            _ends.Add(attempt.End);
            Learn(attempt);
        }
        finally
        {
            _shared.Hosts.Leave(lane);
        }
    }

    private RecipientReport Blame(RecipientReport report) =>
        _demand.Source.Length > 0 ? report with { Detail = $"{_demand.Source}: {report.Detail}" } : report;

    private void Learn(RemoteAttempt attempt)
    {
        if (attempt.End is RemoteEnd.HungUp) _pace.Refused();
        else if (attempt.End is not RemoteEnd.Answered) return;
        else if (attempt.Reports.All(static report => report.Result is DeliveryResult.Deferred)) _pace.Refused();
        else _pace.Answered();
    }

    private ImmutableArray<RecipientReport> Conclude(string domain)
    {
        if (_ends.Count == 0)
        {
            // A later look may find another answer, unless all that there is to know is known.
            var refusal = _without.Find(static refusal => refusal.Result is DeliveryResult.Deferred) ?? _without[^1];
            return [.. _recipients.Select(recipient => Reports.NotDelivered(recipient.Address, refusal with { Why = $"{domain}: {refusal.Why}" }))];
        }

        if (_ends.TrueForAll(static end => end is RemoteEnd.NoSession or RemoteEnd.NotSecured or RemoteEnd.NoMailHost))
        {
            _pace.Unanswered(_reports[0]!.Detail);
        }

        var takesNone = _ends.TrueForAll(static end => end is RemoteEnd.NoMailHost)
            && _without.TrueForAll(static refusal => refusal.Result is DeliveryResult.Failed);
        return [.. _reports.Select(report => takesNone ? report! with { Result = DeliveryResult.Failed } : report!)];
    }
}
