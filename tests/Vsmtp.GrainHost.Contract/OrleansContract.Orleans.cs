using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Vsmtp.GrainHost.Contract;

/// <summary>The contract, on a silo of Orleans in this process: a cluster of one.</summary>
public sealed partial class OrleansContract : GrainHostContract
{
    private readonly ReminderTable _reminders = new();

    /// <summary>Calls are timed by the machine's clock alone, and looked at once a second.</summary>
    protected override TimeSpan Patience => TimeSpan.FromSeconds(2);

    protected override string SaysThatItStops => "shutting down";

    protected override async Task<RunningHost> StartAsync(HostWishes? wishes = null)
    {
        var host = OrleansHosts.Silo(Witness, Storage, _reminders, wishes ?? new HostWishes());
        await host.StartAsync();
        return new RunningHost(host, host.Services.GetRequiredService<IGrainFactory>());
    }

    /// <summary>Orleans promises no order: calls that wait for the activation are passed on in whatever order.</summary>
    protected override void AssertInOrder(IEnumerable<string> made, IEnumerable<string> told) => Assert.Equal(made.Order(), told.Order());
}
