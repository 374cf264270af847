namespace Vsmtp.Delivery.Delegation.Gates;

/// <summary>The gates of the services that mails are sent to by this process. Thread-safe.</summary>
/// <remarks>A service with other settings, as one that has moved, is another one: it is not blamed for what was.</remarks>
internal sealed class ServiceGates(DeliveryOptions options, TimeProvider time)
{
    /// <summary>Rule sets come and go, and with them services.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private readonly Dictionary<ServiceRoute, ServiceGate> _gates = [];
    private readonly Lock _gate = new();

    public ServiceGate this[ServiceRoute route]
    {
        get
        {
            lock (_gate)
            {
                if (_gates.TryGetValue(route, out var gate)) return gate;
                foreach (var (old, _) in _gates.Where(pair => pair.Value.IsForgettable(Memory)).ToList()) _gates.Remove(old);
                return _gates[route] = new ServiceGate(route.Name, route.MaxInFlight, options, time);
            }
        }
    }

    public IReadOnlyList<KeyValuePair<ServiceRoute, ServiceGate>> All
    {
        get
        {
            lock (_gate) return [.. _gates];
        }
    }
}
