using Vsmtp.GrainHost.Contract.Grains;

namespace Vsmtp.GrainHost.Contract;

/// <summary>What grains rely on, whoever hosts them. Uses Orleans' names only, so that it runs on Orleans as well.</summary>
public abstract partial class GrainHostContract
{
    protected Witness Witness { get; } = new();

    /// <summary>Kept over restarts of hosts within a test.</summary>
    protected TestStorage Storage { get; } = new();

    /// <summary>How long a call may take where a test is about time-outs. A host whose clock for calls cannot be a test's has a short one.</summary>
    protected virtual TimeSpan Patience => TimeSpan.FromSeconds(30);

    /// <summary>A word by which the host tells a caller that it is stopping or has stopped.</summary>
    protected abstract string SaysThatItStops { get; }

    /// <summary>Starts a host with the grains of this assembly, <see cref="Witness"/> as a service, <see cref="Storage"/> under its name
    /// and reminders that outlive hosts.</summary>
    protected abstract Task<RunningHost> StartAsync(HostWishes? wishes = null);

    /// <summary>Compares what calls of one caller, made without awaiting them, told with the order in which they were made.</summary>
    protected virtual void AssertInOrder(IEnumerable<string> made, IEnumerable<string> told) => Assert.Equal(made, told);
}
