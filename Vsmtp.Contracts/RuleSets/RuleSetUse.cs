using System.Collections.Immutable;

namespace Vsmtp.Contracts.RuleSets;

/// <summary>A rule set that mails in a queue name.</summary>
/// <param name="Hash">Its name.</param>
/// <param name="PutAt">When it came into the store; null: not known, or the store has lost it.</param>
/// <param name="ReplacedAt">When another took its place; null: it is the one that was put last, or the store has lost it.</param>
/// <param name="Mails">All mails under it, in whatever queue.</param>
/// <param name="Directives">Where mails sleep under it, by stage and name.</param>
public sealed record RuleSetUse(string Hash, DateTimeOffset? PutAt, DateTimeOffset? ReplacedAt, long Mails, ImmutableArray<DirectiveUse> Directives);

/// <summary>A delegate directive at which mails sleep: with a service, or parked in <c>quarantine/rule-set</c>.</summary>
/// <param name="Stage">As scripts write it.</param>
public sealed record DirectiveUse(string Stage, string Directive, long Mails);
