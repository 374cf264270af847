using System.Collections.Immutable;

namespace Vsmtp.Contracts.RuleSets;

/// <summary>What an operator is told about the rules that mails wait under.</summary>
public interface IRuleSetReports
{
    /// <summary>The hash of the present rules of this process.</summary>
    string Current { get; }

    /// <summary>The present set first, then all others that mails in a queue name.</summary>
    Task<ImmutableArray<RuleSetReport>> ListAsync(CancellationToken cancellationToken);
}

/// <summary>One rule set in use.</summary>
/// <param name="Use">What the store knows of it.</param>
/// <param name="IsCurrent">New mails come in under it.</param>
/// <param name="IsLoadable">False: this program has no such set, or refuses it; its mails are parked in <c>quarantine/rule-set</c> as they wake.</param>
public sealed record RuleSetReport(RuleSetUse Use, bool IsCurrent, bool IsLoadable, ImmutableArray<DirectiveReport> Directives);

/// <summary>One directive at which mails sleep.</summary>
/// <param name="Services">Those that the mails' own rules have it for; empty where that is not known.</param>
/// <param name="WhyNotCurrent">Why mails cannot go on there under the present rules, to be read after "the present rules …"; null: they can.</param>
public sealed record DirectiveReport(DirectiveUse Use, ImmutableArray<string> Services, string? WhyNotCurrent);
