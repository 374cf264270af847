using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Vsmtp.Delivery.Delegation;

namespace Vsmtp.Delivery.Hosting;

/// <summary>Puts delivery into a silo.</summary>
public static class DeliveryServices
{
    /// <summary>
    /// Adds <see cref="DeliveryWorker"/> and <see cref="DelegationSender"/>, which stop with the host. They need an
    /// <see cref="IGrainFactory"/>, an <c>IContentStore</c> and a <see cref="TimeProvider"/> from elsewhere.
    /// </summary>
    public static IServiceCollection AddDelivery(this IServiceCollection services, DeliveryOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<DeliveryWorker>();
        services.AddSingleton<DelegationSender>();
        services.AddHostedService(provider => provider.GetRequiredService<DeliveryWorker>());
        services.AddHostedService(provider => provider.GetRequiredService<DelegationSender>());
        return services;
    }
}
