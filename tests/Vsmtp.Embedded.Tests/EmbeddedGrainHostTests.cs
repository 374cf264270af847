using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Vsmtp.Embedded.Activations;
using Vsmtp.Embedded.Hosting;
using Vsmtp.Embedded.Reminders;
using Vsmtp.GrainHost.Contract;
using Vsmtp.GrainHost.Contract.Grains;

namespace Vsmtp.Embedded.Tests;

/// <summary>What only this host promises.</summary>
public sealed class EmbeddedGrainHostTests
{
    [ContractFact]
    public async Task Calls_before_the_start_fail_clearly()
    {
        using var host = EmbeddedHosts.Build();
        var grain = host.Services.GetRequiredService<IClusterClient>().GetGrain<ICounterGrain>("m-early");
        Assert.Contains("not started", (await Assert.ThrowsAsync<OrleansException>(() => grain.Activation())).Message, StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task A_storage_that_is_missing_is_told_at_the_start()
    {
        using var host = EmbeddedHosts.Build(services: services => services.RemoveAllKeyed<IGrainStorage>(TestStorage.Name));
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());
        Assert.Contains(TestStorage.Name, failure.Message, StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task Reminders_without_a_table_fail_clearly()
    {
        using var host = EmbeddedHosts.Build();
        await host.StartAsync();
        var grain = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IRemindedGrain>("m-a");
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => grain.Remind("wake", TimeSpan.Zero, TimeSpan.FromMinutes(1)));
        Assert.Contains(nameof(IReminderTable), failure.Message, StringComparison.Ordinal);
        await host.StopAsync();
    }

    [ContractFact]
    public async Task A_reminder_of_a_grain_that_is_no_more_is_left_alone()
    {
        var table = new MemoryReminderTable();
        var time = new ManualTime();
        await table.UpsertAsync(new ReminderRecord("extinct", "m-x", "wake", time.GetUtcNow(), TimeSpan.FromMinutes(1)), default);
        using var host = EmbeddedHosts.Build(services: services => services.AddSingleton<IReminderTable>(table).AddSingleton<TimeProvider>(time));
        await host.StartAsync();
        time.Advance(TimeSpan.FromMinutes(5));
        await host.StopAsync();
        Assert.Single(await table.ReadAllAsync(default));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Times_out_of_range_are_refused(int seconds)
    {
        var services = new ServiceCollection();
        Assert.Throws<ArgumentOutOfRangeException>(
            () => services.AddEmbeddedGrains(options => options.CollectionAge = TimeSpan.FromSeconds(seconds)));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => services.AddEmbeddedGrains(options => options.ResponseTimeout = TimeSpan.FromSeconds(seconds)));
    }

    [ContractFact]
    public async Task Idle_grains_leave_memory_two_seconds_after_their_last_call()
    {
        var time = new ManualTime();
        using var host = EmbeddedHosts.Build(services: services => services.AddSingleton<TimeProvider>(time));
        await host.StartAsync();
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        var catalog = host.Services.GetRequiredService<ActivationCatalog>();
        var witness = host.Services.GetRequiredService<Witness>();
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(key => grains.GetGrain<IMortalGrain>($"m-{key}").Peek()));
        time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(2000, catalog.Count);
        while (catalog.Count > 1)
        {
            await grains.GetGrain<IMortalGrain>("m-0").Peek();
            time.Advance(TimeSpan.FromSeconds(0.5));
        }

        Assert.Equal(0, witness.Count("disposed m-0"));
        time.Advance(TimeSpan.FromSeconds(2.5));
        await witness.Told("disposed m-0");
        await host.StopAsync();
        Assert.Equal(0, catalog.Count);
    }
}
