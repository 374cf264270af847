using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Delegation.Gates;
using Vsmtp.Delivery.Work;
using Vsmtp.Mail.Delegation;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Delivery.Delegation;

public sealed partial class DelegationSender
{
    /// <summary>How often the gates are looked at for what time alone changes.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>Between a break and the judgement on it: what took others along shows in their conversations too.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether the mail may be sent to the service now; asked before an attempt is committed. Refused, it waits in order of age: its
    /// grain is called (<see cref="IMailGrain.TakeTurn"/>) when there is a place for it.
    /// </summary>
    /// <param name="service">As the attempt would have it.</param>
    /// <param name="mailId">Waits once, however often it asks.</param>
    /// <param name="age">When the mail was accepted.</param>
    /// <param name="suspicion">A suspect's turn comes among suspects.</param>
    public TurnAnswer AskTurn(SmtpServiceSettings service, string mailId, DateTimeOffset age, MailSuspicion suspicion)
    {
        // The sender says of it what is to be said.
        if (!SmtpDestination.TryParse(service.Delegator, out var delegator)) return TurnAnswer.Granted;
        return _jobs.IsFull
            ? TurnAnswer.Crowded($"waiting for {service.Name}: this process has all the work it can take", _options.TurnPause)
            : _gates[ServiceRoute.Of(service, delegator)].Ask(mailId, age, suspicion.IsSuspect);
    }

    /// <summary>Has a mail that the service could not take wait until it is well again, instead of by its schedule.</summary>
    /// <returns>Null: the service is not known to be down; the mail does not wait.</returns>
    public TurnAnswer? WaitWhileDown(SmtpServiceSettings service, string mailId, DateTimeOffset age, MailSuspicion suspicion) =>
        SmtpDestination.TryParse(service.Delegator, out var delegator)
            ? _gates[ServiceRoute.Of(service, delegator)].WaitWhileDown(mailId, age, suspicion.IsSuspect)
            : null;

    private void Tell(ServiceGate gate, DelegationJob job, AttemptOutcome outcome)
    {
        var why = outcome.Result is DelegationSendResult.Unreachable ? $"unreachable: {outcome.Detail}" : outcome.Detail;
        switch (gate.Report(job.MailId, outcome.End, job.Suspicion.IsSuspect, why))
        {
            case BreakerChange.Opened:
                LogServiceDown(job.Service.Name, job.Service.Delegator, gate.Fault ?? outcome.Detail);
                break;
            case BreakerChange.Closed:
                LogServiceUp(job.Service.Name, job.Service.Delegator);
                break;
        }
    }

    private async Task<DelegationReport> JudgeAsync(ServiceGate gate, DelegationJob job, AttemptOutcome outcome, DateTimeOffset startedAt)
    {
        var report = new DelegationReport(job.Attempt, outcome.Result, outcome.Detail);
        var endedAt = _time.GetUtcNow();
        switch (outcome.End)
        {
            case AttemptEnd.Deferred:
                return report with { Suspicion = SuspectRules.JudgeDeferral(job.Suspicion, gate.Look(job.MailId, startedAt, endedAt, isStall: false)) };
            case AttemptEnd.BrokeOff or AttemptEnd.Stalled:
                await Task.Delay(SettleTime, _time, _jobs.Aborting).ConfigureAwait(false);
                var scene = gate.Look(job.MailId, startedAt, endedAt, outcome.End is AttemptEnd.Stalled);
                report = report with { Suspicion = SuspectRules.JudgeBreak(job.Suspicion, scene, out var isPoison) };
                return isPoison ? SetApart(job, report) : report;
            default:
                return report;
        }
    }

    private DelegationReport SetApart(DelegationJob job, DelegationReport report)
    {
        var breaks = report.Suspicion!.Breaks;
        var times = breaks == 2 ? "twice" : $"{breaks} times";
        LogPoison(job.MailId, job.Service.Name, times);
        return report with
        {
            Result = DelegationSendResult.Poison,
            Detail = $"it broke the conversation with {job.Service.Name} {times} while other mails passed: {report.Detail}",
        };
    }

    private void CallAll()
    {
        foreach (var (route, gate) in _gates.All) Call(route.Name, gate);
    }

    /// <summary>Calls the mails whose turn has come. A call ends when its grain has asked, or does not want to.</summary>
    private void Call(string service, ServiceGate gate)
    {
        foreach (var mailId in gate.Call())
        {
            if (_calls.Start(mailId, 0, () => CallAsync(service, gate, mailId)) is not JobStart.Started) gate.EndCall(mailId);
        }
    }

    private async Task CallAsync(string service, ServiceGate gate, string mailId)
    {
        try
        {
            await _grains.GetGrain<IMailGrain>(mailId).TakeTurn(service).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            LogCallFailed(mailId, service, e);                 // it asks by itself later
        }
        finally
        {
            gate.EndCall(mailId);
        }
    }
}
