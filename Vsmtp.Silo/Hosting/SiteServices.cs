using Microsoft.Extensions.DependencyInjection;
using Vsmtp.Contracts.RuleSets;
using Vsmtp.Rules;
using Vsmtp.Silo.RuleSets;
using Vsmtp.Vsl;

namespace Vsmtp.Silo.Hosting;

/// <summary>What every process of a site has, whichever its role: the store, the site's rules and those that mails sleep under.</summary>
public static class SiteServices
{
    /// <summary>Adds it; what is added after it starts after it.</summary>
    /// <param name="claim">Of <see cref="GrainHosting.ClaimStore"/>; the caller disposes it after the host.</param>
    /// <param name="rules">The site's rules, loaded.</param>
    /// <param name="ruleOptions">With which earlier sets are loaded too.</param>
    /// <param name="ruleLog">Takes what rules log.</param>
    public static IServiceCollection AddSite(
        this IServiceCollection services, StoreClaim claim, RuleSet rules, RuleSetOptions ruleOptions, IRuleLog ruleLog)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(ruleLog);
        claim.AddStore(services);
        services.AddSingleton<IRuleSetArchive, StoredRuleSetArchive>();
        services.AddSingleton(provider => new RuleSetCatalog(rules, ruleOptions, provider.GetRequiredService<IRuleSetArchive>()));
        services.AddSingleton<RunGrace>();
        services.AddSingleton(provider => new RuleEngine(TimeProvider.System, BudgetLimits.Default, provider.GetRequiredService<RunGrace>().Token));
        services.AddSingleton<IRuleSetReports, RuleSetReports>();
        services.AddSingleton(new RuleSetPinningOptions { IsAlone = !GrainHosting.HasRoles });
        services.AddSingleton<RuleSetPinning>();
        services.AddHostedService(provider => provider.GetRequiredService<RuleSetPinning>());
        return services;
    }
}
