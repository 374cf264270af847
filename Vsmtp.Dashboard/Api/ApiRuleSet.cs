using System.Collections.Immutable;
using Vsmtp.Contracts.RuleSets;

namespace Vsmtp.Dashboard.Api;

/// <summary>A rule set in use, as the local API gives it.</summary>
/// <param name="IsCurrent">New mails come in under it.</param>
/// <param name="IsLoadable">False: its mails are parked in <c>quarantine/rule-set</c> as they wake.</param>
/// <param name="PutAt">When it came into the store; null where that is not known.</param>
/// <param name="ReplacedAt">When another took its place; null for the one that was put last.</param>
/// <param name="Mails">All mails under it, in whatever queue.</param>
/// <param name="Waiting">At which directives mails sleep under it.</param>
public sealed record ApiRuleSet(
    string Hash,
    bool IsCurrent,
    bool IsLoadable,
    DateTimeOffset? PutAt,
    DateTimeOffset? ReplacedAt,
    long Mails,
    ImmutableArray<ApiWaiting> Waiting)
{
    public static ApiRuleSet Of(RuleSetReport report) => new(
        report.Use.Hash, report.IsCurrent, report.IsLoadable, report.Use.PutAt, report.Use.ReplacedAt, report.Use.Mails,
        [.. report.Directives.Select(at => new ApiWaiting(at.Use.Stage, at.Use.Directive, at.Services, at.Use.Mails, at.WhyNotCurrent))]);
}

/// <summary>A directive at which mails sleep.</summary>
/// <param name="WhyNotCurrent">Why they cannot go on there under the present rules; null: they can.</param>
public sealed record ApiWaiting(string Stage, string Directive, ImmutableArray<string> Services, long Mails, string? WhyNotCurrent);

/// <summary>What came of moving one page of mails.</summary>
/// <param name="Moved">How many are under the present rules now.</param>
/// <param name="Refused">The others, with the reason.</param>
/// <param name="Last">Behind this id the next page begins; null: it was the last.</param>
public sealed record ApiMovedPage(int Moved, ImmutableArray<ApiRefusal> Refused, string? Last);

/// <summary>A mail that was not moved.</summary>
public sealed record ApiRefusal(string Id, string Why);
