using System.Collections.Immutable;
using Vsmtp.Contracts.RuleSets;
using Vsmtp.Rules;

namespace Vsmtp.Silo.RuleSets;

/// <summary>What the store knows of the rule sets in use, beside what the present rules can take over.</summary>
internal sealed class RuleSetReports(IRuleSetStore store, RuleSetCatalog catalog) : IRuleSetReports
{
    public string Current => catalog.Current.Hash;

    public async Task<ImmutableArray<RuleSetReport>> ListAsync(CancellationToken cancellationToken)
    {
        var current = catalog.Current;
        var uses = await store.ListUsesAsync(cancellationToken).ConfigureAwait(false);
        if (uses.All(use => use.Hash != current.Hash)) uses = uses.Add(new RuleSetUse(current.Hash, null, null, 0, []));
        var reports = ImmutableArray.CreateBuilder<RuleSetReport>();
        foreach (var use in uses.OrderByDescending(use => use.Hash == current.Hash))
            reports.Add(Report(use, await catalog.FindAsync(use.Hash, cancellationToken).ConfigureAwait(false), current));
        return reports.ToImmutable();
    }

    private static RuleSetReport Report(RuleSetUse use, RuleSet? own, RuleSet current) => new(
        use,
        use.Hash == current.Hash,
        own is not null,
        [.. use.Directives.Select(sleeping =>
        {
            var services = own?.Find(sleeping.Directive) is { } directive ? ResumePoint.ServicesOf(directive) : [];
            return new DirectiveReport(sleeping, services, new ResumePoint(sleeping.Stage, sleeping.Directive, services).WhyNotUnder(current));
        })]);
}
