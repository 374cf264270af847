using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Vsmtp.Contracts.Content;

namespace Vsmtp.Delivery.Delegation;

/// <summary>Hands mails to services, outside of the grains' turns (design rule 4), and tells the grains the outcome.</summary>
public sealed class DelegationSender(
    IGrainFactory grains, IContentStore contents, DeliveryOptions options, TimeProvider time, ILogger<DelegationSender> log) : IHostedService
{
    /// <summary>Takes a job; its outcome goes to <c>IMailGrain.Sent</c>. Never waits.</summary>
    /// <returns>
    /// True: taken, now or before (the same attempt is in flight). False: too many are waiting for the service, or the process
    /// is ending; the sweep offers it again.
    /// </returns>
    public bool Offer(DelegationJob job) => throw new NotSupportedException($"{job} {grains} {contents} {options} {time} {log}");

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
