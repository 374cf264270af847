using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Stores;
using Vsmtp.Delivery.Messages;
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
    private readonly LaneSet<ServiceRoute> _lanes;
    private readonly DelegationAttempt _attempt;
    private readonly GrainReporter _reporter;

    public DelegationSender(
        IGrainFactory grains, IContentStore contents, IStoreHealth store, DeliveryOptions options, TimeProvider time, ILogger<DelegationSender> log)
    {
        _options = options;
        _store = store;
        _time = time;
        _log = log;
        _jobs = new JobSet(options.MaxJobs);
        _lanes = new LaneSet<ServiceRoute>(route => route.MakeLane(options.ServerName, time));
        _attempt = new DelegationAttempt(new MessageSource(contents));
        _reporter = new GrainReporter(grains, store, time, log);
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

        if (_lanes.TryRent(ServiceRoute.Of(job.Service, delegator), _options.MaxJobsPerService) is not { } lane) return false;
        var start = _jobs.Start(job.MailId, job.Attempt, async () =>
        {
            try
            {
                await RunAsync(job, () => SendInTurnAsync(job, lane)).ConfigureAwait(false);
            }
            finally
            {
                _lanes.Leave(lane);
            }
        });
        if (start != JobStart.Started) _lanes.Leave(lane);
        return start != JobStart.Refused;
    }

    /// <summary>The attempt waits for its turn or is under way in this process.</summary>
    public bool IsInFlight(string mailId, int attempt) => _jobs.HasAttempt(mailId, attempt);

    /// <summary>An attempt of the mail waits for its turn or is under way in this process.</summary>
    public bool IsInFlight(string mailId) => _jobs.HasMail(mailId);

    /// <summary>Whether a mail more for the service would be taken now; asked before an attempt is committed.</summary>
    public bool HasRoom(SmtpServiceSettings service) =>
        !_jobs.IsFull && (!SmtpDestination.TryParse(service.Delegator, out var delegator)
            || _lanes.CountUsers(ServiceRoute.Of(service, delegator)) < _options.MaxJobsPerService);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Takes nothing more; conversations under way may end within <see cref="DeliveryOptions.DrainTimeout"/>.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _jobs.StopAsync(_options.DrainTimeout, _time, cancellationToken).ConfigureAwait(false);
        await _lanes.DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _lanes.DisposeAsync().ConfigureAwait(false);
        _jobs.Dispose();
    }

    private async Task<DelegationReport> SendInTurnAsync(DelegationJob job, Lane lane)
    {
        using var turn = await lane.EnterAsync(_jobs.Stopping).ConfigureAwait(false);
        await _store.WhenBackAsync(_jobs.Stopping).ConfigureAwait(false);   // its bytes are there, and its outcome is to be kept there
        return await _attempt.SendAsync(job, lane.Pool, _jobs.Aborting).ConfigureAwait(false);
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
