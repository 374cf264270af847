using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Vsmtp.Contracts.Content;

namespace Vsmtp.Delivery;

/// <summary>Delivers mails, outside of the grains' turns (design rule 4), and tells the grains what came of each recipient.</summary>
public sealed class DeliveryWorker(
    IGrainFactory grains, IContentStore contents, DeliveryOptions options, TimeProvider time, ILogger<DeliveryWorker> log) : IHostedService
{
    /// <summary>Takes a job; its outcome goes to <c>IMailGrain.Attempted</c> in one report. Never waits.</summary>
    /// <returns>
    /// True: taken, now or before (the same attempt is in flight). False: too many are waiting, or the process is ending; the
    /// sweep offers it again.
    /// </returns>
    public bool Offer(DeliveryJob job) => throw new NotSupportedException($"{job} {grains} {contents} {options} {time} {log}");

    /// <summary>An attempt of the mail is under way in this process.</summary>
    public bool IsInFlight(string mailId) => throw new NotSupportedException(mailId);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
