using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Vsmtp.Embedded.Calls;
using Vsmtp.Embedded.Classes;
using Vsmtp.Embedded.Hosting;

namespace Vsmtp.Embedded.Activations;

/// <summary>All activations of the host, and the way to them.</summary>
internal sealed partial class ActivationCatalog : IDisposable
{
    /// <summary>How late a time-out may come: methods have shorter ones of their own.</summary>
    private static readonly TimeSpan LongestTick = TimeSpan.FromMilliseconds(250);

    private readonly GrainClasses _classes;
    private readonly TimeProvider _time;
    private readonly TimeSpan _responseTimeout;
    private readonly ILogger<ActivationCatalog> _logger;
    private readonly CancellationTokenSource _abandoned = new();
    private volatile CatalogPhase _phase;

    public ActivationCatalog(
        GrainClasses classes, EmbeddedHostOptions options, IServiceProvider services, TimeProvider time, ILogger<ActivationCatalog> logger)
    {
        _classes = classes;
        _time = time;
        _responseTimeout = options.ResponseTimeout;
        _logger = logger;
        Services = services;
        CollectionAge = Stamps(options.CollectionAge);
        Wheel = new ActivationWheel(time, Min(LongestTick, Min(options.CollectionAge, options.ResponseTimeout) / 8));
    }

    public IServiceProvider Services { get; }

    public ActivationWheel Wheel { get; }

    /// <summary>How long an activation may be idle, in time stamps.</summary>
    public long CollectionAge { get; }

    /// <summary>The time stamp of this moment.</summary>
    public long Now => _time.GetTimestamp();

    /// <summary>Activations in memory, for screens and tests.</summary>
    public int Count => _classes.All.Sum(known => known.Activations.Count());

    /// <summary>Calls <paramref name="method"/>; the caller gets what the method declares.</summary>
    public object Call(GrainClass grainClass, string key, GrainMethod method, object?[] arguments)
    {
        if (Refusal() is { } refusal) return method.Failed(refusal);
        var deadline = Now + Stamps(method.ResponseTimeout ?? _responseTimeout);
        var interleaves = method.AlwaysInterleaves || grainClass.IsReentrant;
        var (call, outcome) = method.Begin(arguments, interleaves, deadline, _logger);
        Send(grainClass, key, call);
        return outcome;
    }

    public void Open()
    {
        Wheel.Start();
        _phase = CatalogPhase.Open;
    }

    /// <summary>Takes no more calls from outside, lets those that run and wait end, then ends every activation.</summary>
    /// <returns>False when <paramref name="cancellationToken"/> cut it short: grain code may still be running.</returns>
    public async Task<bool> DrainAsync(CancellationToken cancellationToken)
    {
        if (_phase is CatalogPhase.Closed) return Count == 0;
        _phase = CatalogPhase.Draining;
        try
        {
            // A call from one grain may bring another to life again, so once is not enough.
            while (AllActivations() is { Count: > 0 } left)
                await Task.WhenAll(left.Select(activation => activation.DrainAsync())).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
        }

        _phase = CatalogPhase.Closed;
        Wheel.Dispose();
        var late = AllActivations();
        if (late.Count > 0) await _abandoned.CancelAsync().ConfigureAwait(false);
        foreach (var activation in late)
            activation.Abandon(new OrleansException("The grain host stopped before the call ended; it may have been carried out in part."));
        return late.Count == 0;
    }

    /// <summary>A token for the beginning or the end of an activation, which may take as long as a call.</summary>
    public CancellationTokenSource NewPatience()
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(_abandoned.Token);
        patience.CancelAfter(_responseTimeout);
        return patience;
    }

    public void Send(GrainClass grainClass, string key, GrainCall call)
    {
        Activation activation;
        do activation = grainClass.MaxWorkers == 1 ? grainClass.Activation(this, new ActivationKey(key, 0)) : FreeWorker(grainClass, key);
        while (!activation.TryTake(call));
    }

    public void Dispose()
    {
        Wheel.Dispose();
        _abandoned.Dispose();
    }

    private Activation FreeWorker(GrainClass grainClass, string key)
    {
        var best = grainClass.Activation(this, new ActivationKey(key, 0));
        for (var worker = 1; worker < grainClass.MaxWorkers && best.Load > 0; worker++)
        {
            var next = grainClass.Activation(this, new ActivationKey(key, worker));
            if (next.Load < best.Load) best = next;
        }

        return best;
    }

    private OrleansException? Refusal() => _phase switch
    {
        CatalogPhase.Open => null,
        CatalogPhase.Draining when RuntimeContext.Current is not null => null,
        CatalogPhase.Fresh => new OrleansException("The grain host has not started."),
        _ => new OrleansException("The grain host is stopping and takes no more calls."),
    };

    private List<Activation> AllActivations() => [.. _classes.All.SelectMany(known => known.Activations)];

    private long Stamps(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private enum CatalogPhase
    {
        Fresh,
        Open,
        Draining,
        Closed,
    }
}
