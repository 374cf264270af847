using Microsoft.Extensions.Logging;
using Orleans;
using Vsmtp.Contracts.Pace;

namespace Vsmtp.Delivery.Pace;

/// <summary>Makes the paces of one worker of this process.</summary>
internal sealed partial class PaceMaker(IGrainFactory grains, TimeProvider time, ILogger log)
{
    /// <summary>Of this worker among those of the cluster.</summary>
    private readonly string _holder = Guid.NewGuid().ToString("N");

    /// <param name="part">Tells shares of one key that this worker has apart.</param>
    public LeasedPace Make(PaceTerms terms, string part = "")
    {
        var grain = grains.GetGrain<IPaceGrain>(terms.Key);
        return new LeasedPace(terms, _holder + part, grain.Lease, fault => LogNotShared(terms.Key, fault), time);
    }

    [LoggerMessage(EventId = DeliveryEvents.PaceNotShared, Level = LogLevel.Warning,
        Message = "{Pace}: no share of the pace could be had, so this process sends one mail at a time there")]
    private partial void LogNotShared(string pace, Exception fault);
}
