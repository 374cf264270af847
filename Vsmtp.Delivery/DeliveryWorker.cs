using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Pace;
using Vsmtp.Contracts.Stores;
using Vsmtp.Delivery.Carrying;
using Vsmtp.Delivery.Exchanges;
using Vsmtp.Delivery.Local;
using Vsmtp.Delivery.Messages;
using Vsmtp.Delivery.Pace;
using Vsmtp.Delivery.Remote;
using Vsmtp.Delivery.Routing;
using Vsmtp.Delivery.TlsPolicies;
using Vsmtp.Delivery.Work;
using Vsmtp.Dns;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Delivery;

/// <summary>Delivers mails, outside of the grains' turns (design rule 4), and tells the grains what came of each recipient.</summary>
/// <remarks>
/// A mail waits for its destination first, for a place among all deliveries second: a slow destination holds up its own mails
/// and at most its share of the places.
/// </remarks>
public sealed partial class DeliveryWorker : IHostedService, IAsyncDisposable
{
    /// <summary>Mails that go at once to a domain of which nothing is known.</summary>
    private const int FirstToDomain = 2;

    private readonly DeliveryOptions _options;
    private readonly IStoreHealth _store;
    private readonly TimeProvider _time;
    private readonly ILogger<DeliveryWorker> _log;
    private readonly SecuredSenders _secured;
    private readonly RouteTable _routes;
    private readonly RemoteDelivery _remote;
    private readonly CarrierClient? _carrier;
    private readonly LocalDelivery _local;
    private readonly GrainReporter _reporter;
    private readonly JobSet _jobs;
    private readonly LaneSet<Route, RemoteLane> _lanes;
    private readonly LaneSet<Route.Smtp, PoolLane> _hosts;
    private readonly PaceMaker _paces;
    private readonly OwnAddresses _own;
    private readonly DnsResolvers _resolvers;
    private readonly StsPolicies _policies;
    private readonly SemaphoreSlim _places;
    private readonly SemaphoreSlim _localPlaces;

    public DeliveryWorker(
        IGrainFactory grains, IContentStore contents, IStoreHealth store, DnsResolvers resolvers, DeliveryOptions options, TimeProvider time,
        ILogger<DeliveryWorker> log)
    {
        _options = options;
        _store = store;
        _time = time;
        _log = log;
        var messages = new MessageSource(contents);
        _secured = new SecuredSenders(options.SecuredSenders);
        _routes = new RouteTable(options, _secured);
        _remote = new RemoteDelivery(messages, _secured);
        _carrier = options.Carrier is { } link ? new CarrierClient(link, time, log) : null;
        _local = new LocalDelivery(messages, _carrier, options, time);
        _reporter = new GrainReporter(grains, store, time, log);
        _jobs = new JobSet(options.MaxJobs);
        _lanes = new LaneSet<Route, RemoteLane>(MakeLane);
        _hosts = new LaneSet<Route.Smtp, PoolLane>(host => new PoolLane(MakePool(host), new FixedTurns(options.MaxDeliveriesPerDestination)));
        _paces = new PaceMaker(grains, time, log);
        _own = new OwnAddresses(options.Listeners, options.RemotePort, time);
        _resolvers = resolvers;
        _policies = new StsPolicies(grains, resolvers, options, time, log);
        _places = new SemaphoreSlim(options.MaxDeliveries, options.MaxDeliveries);
        _localPlaces = new SemaphoreSlim(options.MaxDeliveriesPerDestination, options.MaxDeliveriesPerDestination);
    }

    /// <summary>Takes a job; its outcome goes to <c>IMailGrain.Attempted</c> in one report. Never waits.</summary>
    /// <returns>
    /// True: taken, now or before (the same attempt is in flight). False: too many are waiting, at all or for a destination of
    /// its, or the process is ending; the sweep offers it again.
    /// </returns>
    public bool Offer(DeliveryJob job)
    {
        if (_jobs.HasAttempt(job.MailId, job.Attempt)) return true;
        var plan = Plan(job);
        if (TryRentLanes(plan) is not { } lanes) return false;
        var start = _jobs.Start(job.MailId, job.Attempt, async () =>
        {
            try
            {
                await RunAsync(job, plan, lanes).ConfigureAwait(false);
            }
            finally
            {
                Leave(lanes);
            }
        });
        if (start != JobStart.Started) Leave(lanes);
        return start != JobStart.Refused;
    }

    /// <summary>Whether a job would be taken now; asked before an attempt is committed.</summary>
    public bool HasRoom(DeliveryJob job) =>
        !_jobs.IsFull && DestinationsOf(Plan(job)).All(destination => _lanes.CountUsers(destination) < _options.MaxJobsPerDestination);

    /// <summary>More comes than goes: half of all that may wait or be under way are there.</summary>
    public bool IsCrowded => _jobs.IsHalfFull;

    /// <summary>An attempt of the mail is under way in this process.</summary>
    public bool IsInFlight(string mailId) => _jobs.HasMail(mailId);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Takes nothing more; deliveries under way may end within <see cref="DeliveryOptions.DrainTimeout"/>.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _jobs.StopAsync(_options.DrainTimeout, _time, cancellationToken).ConfigureAwait(false);
        await _lanes.DisposeAsync().ConfigureAwait(false);
        await _hosts.DisposeAsync().ConfigureAwait(false);
        await _policies.DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _lanes.DisposeAsync().ConfigureAwait(false);
        await _hosts.DisposeAsync().ConfigureAwait(false);
        _carrier?.Dispose();
        await _policies.DisposeAsync().ConfigureAwait(false);
        _jobs.Dispose();
        _places.Dispose();
        _localPlaces.Dispose();
    }

    private RemoteLane MakeLane(Route route) => route switch
    {
        Route.Smtp smtp => new RelayLane(smtp.Destination, MakePool(smtp), _remote, new FixedTurns(_options.MaxDeliveriesPerDestination)),
        Route.Domain domain => MakeLane(domain.Name, _resolvers.Of(domain.Name)),
        _ => throw new InvalidOperationException($"{route} goes to no server."),
    };

    private DomainLane MakeLane(string domain, IDnsResolver resolver) => new(
        domain,
        new ExchangeFinder(resolver, _options.ServerName),
        new ExchangeWalks(resolver, _hosts, _remote, _own, _options.RemotePort, _log),
        _policies,
        _secured,
        _paces.Make(new PaceTerms(PaceKey.OfDomain(domain), FirstToDomain, _options.MaxDeliveriesPerDomain, _options.MaxDeliveriesPerDestination)));

    private SmtpConnectionPool MakePool(Route.Smtp route) => new(
        route.Destination,
        new SmtpClientOptions
        {
            HeloName = _options.ServerName,
            Protocol = route.Protocol,
            Tls = route.Tls,
            Credentials = route.Credentials,
            Timeouts = _options.RemoteTimeouts,
            MaxIdle = _options.MaxDeliveriesPerDestination,
        },
        _time);

    /// <summary>The outermost frame of a job. What was not tried because the process ends is not in the report.</summary>
    private async Task RunAsync(DeliveryJob job, ImmutableArray<Part> plan, Dictionary<Route, RemoteLane> lanes)
    {
        try
        {
            var tried = await Task.WhenAll(plan.Select(part => RunAsync(job, part, lanes))).ConfigureAwait(false);
            var report = new DeliveryReport(job.Attempt, [.. tried.SelectMany(reports => reports)]);
            if (report.Recipients.IsEmpty && _jobs.Stopping.IsCancellationRequested) return;
            foreach (var one in report.Recipients) LogDone(job.MailId, job.Attempt, one.Address, one.Result, one.Detail);
            await _reporter.TellAsync(job.MailId, grain => grain.Attempted(report), _jobs.Aborting).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The process ends; the attempt is in the store, and the sweep offers it again.
        }
    }

    /// <summary>The lanes to all destinations of a job, until it ends; null when one has no room.</summary>
    private Dictionary<Route, RemoteLane>? TryRentLanes(ImmutableArray<Part> plan)
    {
        var lanes = new Dictionary<Route, RemoteLane>();
        foreach (var destination in DestinationsOf(plan))
        {
            if (_lanes.TryRent(destination, _options.MaxJobsPerDestination) is not { } lane)
            {
                Leave(lanes);
                return null;
            }

            lanes.Add(destination, lane);
        }

        return lanes;
    }

    private static IEnumerable<Route> DestinationsOf(ImmutableArray<Part> plan) =>
        plan.Select(part => part.Route).Where(route => route is Route.Smtp or Route.Domain).Distinct();

    private void Leave(Dictionary<Route, RemoteLane> lanes)
    {
        foreach (var lane in lanes.Values) _lanes.Leave(lane);
    }

    /// <summary>Recipients of one route go together, as many as one transaction takes; mailboxes each for itself.</summary>
    private ImmutableArray<Part> Plan(DeliveryJob job) => job.Envelope.Recipients is [{ Status: RecipientStatus.Waiting } only]
        ? [new Part(_routes.Find(only, job.Envelope.Sender), [only])]
        : [.. job.Envelope.Recipients
            .Where(recipient => recipient.Status == RecipientStatus.Waiting)
            .GroupBy(recipient => _routes.Find(recipient, job.Envelope.Sender))
            .SelectMany(group => group
                .Chunk(group.Key is Route.Maildir or Route.Mbox ? 1 : RemoteDelivery.MaxRecipients)
                .Select(recipients => new Part(group.Key, [.. recipients])))];

    private async Task<ImmutableArray<RecipientReport>> RunAsync(DeliveryJob job, Part part, Dictionary<Route, RemoteLane> lanes)
    {
        try
        {
            return part.Route switch
            {
                Route.Smtp or Route.Domain => await SendAsync(job, part.Recipients, lanes[part.Route]).ConfigureAwait(false),
                Route.Maildir => [await StoreAsync(job, part.Recipients[0], MailboxFormat.Maildir).ConfigureAwait(false)],
                Route.Mbox => [await StoreAsync(job, part.Recipients[0], MailboxFormat.Mbox).ConfigureAwait(false)],
                Route.Nowhere nowhere => part.Report(nowhere.Refusal),
                _ => throw new InvalidOperationException($"Unknown route {part.Route}."),
            };
        }
        catch (OperationCanceledException)
        {
            return [];
        }
        catch (Exception e)
        {
            LogFault(job.MailId, job.Attempt, e);
            return part.Report(Refusal.ForNow("4.3.0", e.Message));
        }
    }

    private async Task<ImmutableArray<RecipientReport>> SendAsync(
        DeliveryJob job, ImmutableArray<MailRecipient> recipients, RemoteLane lane)
    {
        using var turn = await lane.EnterAsync(_jobs.Stopping).ConfigureAwait(false);
        using var place = await TakePlaceAsync(_places).ConfigureAwait(false);
        await _store.WhenBackAsync(_jobs.Stopping).ConfigureAwait(false);   // its bytes are there, and its outcome is to be kept there
        return await lane.DeliverAsync(job, recipients, _jobs.Aborting).ConfigureAwait(false);
    }

    private async Task<RecipientReport> StoreAsync(DeliveryJob job, MailRecipient recipient, MailboxFormat format)
    {
        using var turn = await TakePlaceAsync(_localPlaces).ConfigureAwait(false);
        using var place = await TakePlaceAsync(_places).ConfigureAwait(false);
        await _store.WhenBackAsync(_jobs.Stopping).ConfigureAwait(false);   // its bytes are there, and its outcome is to be kept there
        return await _local.DeliverAsync(format, job, recipient, _jobs.Aborting).ConfigureAwait(false);
    }

    private async Task<Turn> TakePlaceAsync(SemaphoreSlim places)
    {
        await places.WaitAsync(_jobs.Stopping).ConfigureAwait(false);
        var turn = new Turn(places);
        if (!_jobs.Stopping.IsCancellationRequested) return turn;
        turn.Dispose();                                        // the place came before the word that the process ends
        throw new OperationCanceledException(_jobs.Stopping);
    }

    private sealed record Part(Route Route, ImmutableArray<MailRecipient> Recipients)
    {
        public ImmutableArray<RecipientReport> Report(Refusal refusal) =>
            [.. Recipients.Select(recipient => Reports.NotDelivered(recipient.Address, refusal))];
    }
}
