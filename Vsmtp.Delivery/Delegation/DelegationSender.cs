using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Stores;
using Vsmtp.Delivery.Delegation.Gates;
using Vsmtp.Delivery.Messages;
using Vsmtp.Delivery.Pace;
using Vsmtp.Delivery.Work;
using Vsmtp.Mail.Delegation;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Delivery.Delegation;

/// <summary>Hands mails to services, outside of the grains' turns (design rule 4), and tells the grains the outcome.</summary>
public sealed partial class DelegationSender : IHostedService, IAsyncDisposable
{
    private readonly DeliveryOptions _options;
    private readonly IStoreHealth _store;
    private readonly TimeProvider _time;
    private readonly ILogger<DelegationSender> _log;
    private readonly JobSet _jobs;
    private readonly JobSet _calls = new(int.MaxValue);
    private readonly LaneSet<ServiceRoute, PoolLane> _lanes;
    private readonly LaneSet<ServiceRoute, PoolLane> _suspectLanes;
    private readonly ServiceGates _gates;
    private readonly DelegationAttempt _attempt;
    private readonly GrainReporter _reporter;
    private readonly IGrainFactory _grains;
    private readonly ITimer _ticker;

    public DelegationSender(
        IGrainFactory grains, IContentStore contents, IStoreHealth store, DeliveryOptions options, TimeProvider time, ILogger<DelegationSender> log)
    {
        _options = options;
        _store = store;
        _time = time;
        _log = log;
        _jobs = new JobSet(options.MaxJobs);
        var paces = new PaceMaker(grains, time, log);
        _lanes = new LaneSet<ServiceRoute, PoolLane>(route => route.MakeLane(options.ServerName, paces, time));
        _suspectLanes = new LaneSet<ServiceRoute, PoolLane>(route => route.MakeSuspectLane(options.ServerName, paces, time));
        _gates = new ServiceGates(options, time);
        _attempt = new DelegationAttempt(new MessageSource(contents), log);
        _reporter = new GrainReporter(grains, store, time, log);
        _grains = grains;
        _ticker = time.CreateTimer(_ => CallAll(), null, Tick, Tick);
    }

    /// <summary>Takes a job; its outcome goes to <c>IMailGrain.Sent</c>. Never waits.</summary>
    /// <returns>
    /// True: taken, now or before (the same attempt is in flight). False: too many are waiting for the service, or the process
    /// is ending; the sweep offers it again.
    /// </returns>
    public bool Offer(DelegationJob job)
    {
        if (_jobs.HasAttempt(job.MailId, job.Attempt)) return true;
        if (!SmtpDestination.TryParse(job.Service.Delegator, out var delegator))
        {
            var fault = new DelegationReport(
                job.Attempt, DelegationSendResult.Unreachable, $"'{job.Service.Delegator}' is no address of a service");
            return _jobs.Start(job.MailId, job.Attempt, () => RunAsync(job, () => Task.FromResult(fault))) != JobStart.Refused;
        }

        var route = ServiceRoute.Of(job.Service, delegator);
        var gate = _gates[route];
        if (!gate.Begin(job.MailId, job.Suspicion.IsSuspect)) return false;
        var start = _jobs.Start(job.MailId, job.Attempt, async () =>
        {
            try
            {
                await RunAsync(job, () => SendInTurnAsync(job, route, gate)).ConfigureAwait(false);
            }
            finally
            {
                gate.End(job.MailId, job.Suspicion.IsSuspect);
                Call(route.Name, gate);
            }
        });
        if (start != JobStart.Started) gate.End(job.MailId, job.Suspicion.IsSuspect);
        return start != JobStart.Refused;
    }

    /// <summary>The attempt waits for its turn or is under way in this process.</summary>
    public bool IsInFlight(string mailId, int attempt) => _jobs.HasAttempt(mailId, attempt);

    /// <summary>An attempt of the mail waits for its turn or is under way in this process.</summary>
    public bool IsInFlight(string mailId) => _jobs.HasMail(mailId);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Takes nothing more; conversations under way may end within <see cref="DeliveryOptions.DrainTimeout"/>.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _calls.StopAsync(_options.DrainTimeout, _time, cancellationToken).ConfigureAwait(false);
        await _jobs.StopAsync(_options.DrainTimeout, _time, cancellationToken).ConfigureAwait(false);
        await _lanes.DisposeAsync().ConfigureAwait(false);
        await _suspectLanes.DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _ticker.DisposeAsync().ConfigureAwait(false);
        await _lanes.DisposeAsync().ConfigureAwait(false);
        await _suspectLanes.DisposeAsync().ConfigureAwait(false);
        _calls.Dispose();
        _jobs.Dispose();
    }

    private async Task<DelegationReport> SendInTurnAsync(DelegationJob job, ServiceRoute route, ServiceGate gate)
    {
        var lanes = job.Suspicion.IsSuspect ? _suspectLanes : _lanes;
        var lane = lanes.Rent(route);
        try
        {
            using var turn = await lane.EnterAsync(_jobs.Stopping).ConfigureAwait(false);
            await _store.WhenBackAsync(_jobs.Stopping).ConfigureAwait(false);   // its bytes are there, and its outcome is to be kept there
            if (!gate.MayGo(job.MailId)) return new DelegationReport(job.Attempt, DelegationSendResult.NotSent, gate.Fault ?? "");
            var startedAt = _time.GetUtcNow();
            var outcome = await _attempt.SendAsync(job, lane.Pool, _jobs.Aborting).ConfigureAwait(false);
            Tell(gate, job, outcome);
            return await JudgeAsync(gate, job, outcome, startedAt).ConfigureAwait(false);
        }
        finally
        {
            lanes.Leave(lane);
        }
    }

    /// <summary>The outermost frame of a job: what comes here is told to the grain or to the log.</summary>
    private async Task RunAsync(DelegationJob job, Func<Task<DelegationReport>> send)
    {
        try
        {
            DelegationReport report;
            try
            {
                report = await send().ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFault(job.MailId, job.Attempt, job.Service.Name, e);
                report = new DelegationReport(job.Attempt, DelegationSendResult.TemporarilyFailed, Wording.Clean(e.Message));
            }

            Log(job, report);
            await _reporter.TellAsync(job.MailId, grain => grain.Sent(report), _jobs.Aborting).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The process ends; the attempt is in the store, and the sweep offers it again.
        }
    }
}
