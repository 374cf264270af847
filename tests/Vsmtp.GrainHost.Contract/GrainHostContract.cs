using Vsmtp.GrainHost.Contract.Grains;

namespace Vsmtp.GrainHost.Contract;

/// <summary>What grains rely on, whoever hosts them. Uses Orleans' names only, so that it runs on Orleans as well.</summary>
public abstract partial class GrainHostContract
{
    protected Witness Witness { get; } = new();

    /// <summary>Kept over restarts of hosts within a test.</summary>
    protected TestStorage Storage { get; } = new();

    /// <summary>Starts a host with the grains of this assembly, <see cref="Witness"/> as a service, <see cref="Storage"/> under its name
    /// and reminders that outlive hosts.</summary>
    protected abstract Task<RunningHost> StartAsync(HostWishes? wishes = null);
}
