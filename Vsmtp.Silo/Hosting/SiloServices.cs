using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Vsmtp.Configuration;
using Vsmtp.Configuration.Options;
using Vsmtp.Delivery.Carrying;
using Vsmtp.Delivery.Hosting;
using Vsmtp.Delivery.Retries;
using Vsmtp.Grains.Mail;
using Vsmtp.Grains.WakeUps;
using Vsmtp.Silo.Sweeping;

namespace Vsmtp.Silo.Hosting;

/// <summary>Puts a silo together: the grains, the workers that talk to the world for them, the sweep that wakes them.</summary>
public static class SiloServices
{
    /// <summary>Adds all of a silo to a process of a site, in the order in which it starts; what is added after it starts after it.</summary>
    /// <param name="carrier">The process that delivers to system accounts; null: this one does.</param>
    /// <param name="claim">As <see cref="SiteServices.AddSite"/> got it.</param>
    public static void AddSilo(this IHostApplicationBuilder host, VsmtpConfiguration configuration, StoreClaim claim, CarrierLink? carrier = null)
    {
        var delivery = DeliveryOf(configuration) with { Carrier = carrier };
        host.Services.AddSingleton(GrainsOf(configuration.Server));
        host.Services.AddSingleton(RetrySchedule.Of(delivery));
        host.AddGrainHost(configuration.Server.Cluster, claim);
        host.Services.AddSingleton(provider => DnsServices.MakeResolvers(configuration.Server, provider.GetRequiredService<TimeProvider>()));
        host.Services.AddDelivery(delivery);
        host.Services.AddSingleton<MailLoad>();
        host.Services.AddSingleton<MailWaker>();
        host.Services.AddSingleton(new SweepOptions());
        host.Services.AddHostedService<WakeUpSweep>();
    }

    private static MailGrainOptions GrainsOf(ServerOptions server)
    {
        var defaults = new MailGrainOptions();
        return defaults with
        {
            ServerName = server.Domain,
            WarnAfter = server.Delivery.DelayWarning ?? defaults.WarnAfter,
            WarnsUnasked = server.Delivery.DelayWarning is not null,
            Postmaster = server.Delivery.Postmaster?.ToString(),
        };
    }

    /// <summary>A TLSA record is asked of nobody yet: Dane is no less than Encrypt.</summary>
    private static ImmutableHashSet<string> SecuredSendersOf(ServerOptions server) => server.Virtual
        .Where(domain => domain.Value.Tls is { SenderSecurityLevel: not TlsSecurityLevel.May })
        .Select(domain => domain.Key).ToImmutableHashSet(StringComparer.OrdinalIgnoreCase);

    private static Delivery.DeliveryOptions DeliveryOf(VsmtpConfiguration configuration) => new()
    {
        ServerName = configuration.Server.Domain,
        RelayHost = configuration.Server.Delivery.RelayHost,
        Tls = configuration.Server.Delivery.Tls,
        RemotePort = configuration.Server.Delivery.MxPort,
        PolicyPort = configuration.Server.Delivery.MtaStsPort,
        Listeners = [.. configuration.Server.Interfaces.Addr],
        MaildirRoot = configuration.Server.Delivery.MaildirRoot,
        LocalGroup = configuration.Server.System.GroupLocal,
        SecuredSenders = SecuredSendersOf(configuration.Server),
        RetryFirst = configuration.Server.Queues.Delivery.DeferredRetryPeriod,
        RetryMaxAttempts = configuration.Server.Queues.Delivery.DeferredRetryMax,
    };
}
