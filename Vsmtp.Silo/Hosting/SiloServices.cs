using Microsoft.Extensions.DependencyInjection;
using Vsmtp.Configuration;
using Vsmtp.Configuration.Options;
using Vsmtp.Contracts.RuleSets;
using Vsmtp.Delivery.Hosting;
using Vsmtp.Delivery.Retries;
using Vsmtp.Grains.Mail;
using Vsmtp.Rules;
using Vsmtp.Silo.RuleSets;
using Vsmtp.Silo.Sweeping;
using Vsmtp.Vsl;

namespace Vsmtp.Silo.Hosting;

/// <summary>Puts a silo together: the store, the grains, the workers that talk to the world for them, the sweep that wakes them.</summary>
public static class SiloServices
{
    /// <summary>Adds all of a silo, in the order in which it starts; what is added after it starts after it.</summary>
    /// <param name="claim">Of <see cref="GrainHosting.ClaimStore"/>; the caller disposes it after the host.</param>
    /// <param name="rules">The site's rules, loaded.</param>
    /// <param name="ruleOptions">With which earlier sets are loaded too.</param>
    /// <param name="ruleLog">Takes what rules log.</param>
    public static IServiceCollection AddSilo(
        this IServiceCollection services, VsmtpConfiguration configuration, StoreClaim claim, RuleSet rules, RuleSetOptions ruleOptions,
        IRuleLog ruleLog)
    {
        var server = configuration.Server;
        var delivery = DeliveryOf(configuration);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(ruleLog);
        claim.AddStore(services);
        services.AddSingleton<IRuleSetArchive, StoredRuleSetArchive>();
        services.AddSingleton(provider => new RuleSetCatalog(rules, ruleOptions, provider.GetRequiredService<IRuleSetArchive>()));
        services.AddSingleton(new RuleEngine(TimeProvider.System, BudgetLimits.Default));
        services.AddHostedService<RuleSetPinning>();
        services.AddSingleton(new MailGrainOptions());
        services.AddSingleton(RetrySchedule.Of(delivery));
        services.AddGrainHost();
        services.AddDelivery(delivery);
        services.AddSingleton(new SweepOptions());
        services.AddHostedService<WakeUpSweep>();
        return services;
    }

    private static Delivery.DeliveryOptions DeliveryOf(VsmtpConfiguration configuration) => new()
    {
        ServerName = configuration.Server.Domain,
        RelayHost = configuration.Server.Delivery.RelayHost?.ToString(),
        MaildirRoot = configuration.Server.Delivery.MaildirRoot,
        RetryFirst = configuration.Server.Queues.Delivery.DeferredRetryPeriod,
        RetryMaxAttempts = configuration.Server.Queues.Delivery.DeferredRetryMax,
    };
}
