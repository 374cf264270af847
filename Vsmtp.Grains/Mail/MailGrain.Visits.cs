using Vsmtp.Contracts.Mail;
using Vsmtp.Mail.Delegation;
using Vsmtp.Mail.Headers;
using Vsmtp.Rules;

namespace Vsmtp.Grains.Mail;

public sealed partial class MailGrain
{
    /// <summary>What came stays beside the mail's own content until the mail has left: its headers are read from it, an operator may look.</summary>
    private static MailState WithReturn(MailState state, DelegationState visit, DelegationReturn returned) => state with
    {
        Returns =
        [
            .. state.Returns.Where(earlier => earlier.Service != visit.Service),
            new ServiceReturn(visit.Service, returned.Content.Id, state.Content!, state.ToSend().HeaderChanges),
        ],
    };

    /// <summary>The next turn is the rules'.</summary>
    private bool AreRulesDue => State.Phase is MailPhase.Working || (State.Phase is MailPhase.Offered && State.Offer!.AreRulesDue);

    /// <summary>The handler let the mail go on, and other services are awaited: it sleeps on, with what the handler changed.</summary>
    private Task AwaitOthers(MailState state, DelegationState visit, StageOutcome outcome)
    {
        state = state.With(visit with { Step = DelegationStep.Handled, HasConsented = outcome.Status is not RuleStatusKind.Next });
        return CommitVisits(state with { Reason = $"with {state.Awaited()}" });
    }

    /// <summary>The directive is decided: nobody is awaited any more, and whoever comes all the same is answered 250 and discarded.</summary>
    private MailState EndVisits(MailState state, DelegationState decided)
    {
        foreach (var visit in state.Visits.Where(visit => visit.Service != decided.Service && visit.Step is not DelegationStep.Handled))
            state = Tell(state, "not awaited", $"{visit.Service}: {decided.Service} has decided", Named(visit), visit.Source);
        return state.EndVisits(options.MaxSpentTickets);
    }

    /// <summary>With what the directive goes on. Takes over what a service that keeps the original said of the mail.</summary>
    /// <param name="headers">The mail's, as the handler is to see them.</param>
    private async Task<DelegateResume> ResumeOf(DelegationState visit, HeaderBlock headers)
    {
        var earlier = new List<DelegateVisit>();
        foreach (var handled in State.Visits.Where(other => other.Step is DelegationStep.Handled).OrderBy(other => other.DecidedAt))
        {
            earlier.Add(ToVisit(handled, await ServiceOf(handled), await ReturnedBy(handled, headers)));
        }

        var service = await ServiceOf(visit);
        var returned = await ReturnedBy(visit, headers);
        var present = ToVisit(visit, service, returned);
        if (visit.KeepsOriginal && returned is not null && VerdictBytes(service, returned) <= options.MaxVerdictBytes) TakeOver(visit, service, returned, headers);
        return new DelegateResume(visit.Directive, present)
        {
            Earlier = [.. earlier],
            AwaitsOthers = State.Visits.Any(other => other.Service != visit.Service && other.Step is not DelegationStep.Handled),
            HasConsent = State.Visits.Any(other => other.HasConsented),
        };
    }

    private async ValueTask<SmtpServiceSettings> ServiceOf(DelegationState visit) =>
        await FindService(visit.Service) ?? Undeclared with { Name = visit.Service };

    /// <summary>The header section that came back; null where nothing did.</summary>
    private async ValueTask<HeaderBlock?> ReturnedBy(DelegationState visit, HeaderBlock headers)
    {
        if (visit.Outcome is not DelegationOutcome.Returned) return null;
        return visit.KeepsOriginal
            ? await MessageHead.ReadAsync(contents, State.Returns.First(returned => returned.Service == visit.Service).Content, [], CancellationToken.None)
            : headers;
    }

    private DelegateVisit ToVisit(DelegationState visit, SmtpServiceSettings service, HeaderBlock? returned) => new()
    {
        Service = visit.Service,
        Result = ResultOf(visit, service, returned),
        Attempts = visit.Attempt,
        Reply = visit.LastReply,
        Duration = (visit.DecidedAt ?? visit.FirstTriedAt) - visit.FirstTriedAt,
        Headers = returned is null ? [] : DelegateVisit.HeadersOf(service, returned),
    };

    /// <summary>What the directive is told of a visit that it asked for.</summary>
    private DelegateResult ResultOf(DelegationState visit, SmtpServiceSettings service, HeaderBlock? returned) => visit.Outcome switch
    {
        DelegationOutcome.Returned when visit.KeepsOriginal && VerdictBytes(service, returned!) is var bytes && bytes > options.MaxVerdictBytes =>
            new DelegateResult.Unscanned($"its own headers came back with {bytes} octets, and at most {options.MaxVerdictBytes} are taken over"),
        DelegationOutcome.Returned => DelegateResult.OfReturn(service, returned!),
        DelegationOutcome.Rejected => new DelegateResult.Rejected(visit.LastResult ?? ""),
        DelegationOutcome.Absorbed => new DelegateResult.Absorbed(),
        DelegationOutcome.Unscanned => new DelegateResult.Unscanned(visit.LastResult ?? ""),
        _ => new DelegateResult.Failed(visit.LastResult ?? ""),
    };

    /// <summary>
    /// The service's own headers become the mail's last ones, byte for byte. The sender's of these names were removed before the visit;
    /// names that the service was given since then are cleared now.
    /// </summary>
    private static void TakeOver(DelegationState visit, SmtpServiceSettings service, HeaderBlock returned, HeaderBlock headers)
    {
        foreach (var name in service.OwnHeaders.Except(visit.ClearedHeaders, StringComparer.OrdinalIgnoreCase)) headers.RemoveAll(name);
        foreach (var field in OwnFields(service, returned)) headers.Append(field);
    }

    private static int VerdictBytes(SmtpServiceSettings service, HeaderBlock returned) =>
        OwnFields(service, returned).Sum(field => field.Raw.Length);

    private static IEnumerable<HeaderField> OwnFields(SmtpServiceSettings service, HeaderBlock returned) =>
        returned.Fields.Where(field => service.OwnHeaders.Contains(field.Name, StringComparer.OrdinalIgnoreCase));

    /// <summary>A service's answer, which a handler may read; what is said for want of one is none.</summary>
    private static string? ReplyIn(DelegationReport report) =>
        report.Result is not DelegationSendResult.TooLarge
        && report.Detail is [>= '2' and <= '5', >= '0' and <= '9', >= '0' and <= '9', ' ' or '-', ..] ? report.Detail : null;

    /// <summary>What a step of the rules said; behind a delegation with whose outcome it was and which handler ran.</summary>
    private static string WordsOf(DirectiveTrace step)
    {
        var status = step.Status?.ToString().ToLowerInvariant() ?? "script error";
        return step switch
        {
            { Visit: null } => status,
            { Handler: null } => $"{step.Visit.Service} {step.Visit.Result.Outcome}, no handler: {status}",
            _ => $"{step.Handler} of {step.Visit.Service}: {status}",
        };
    }
}
