using Orleans;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Storage.Tests.Postgres;

/// <summary>Several processes on one store: opening, collecting, and the bound on staged bytes.</summary>
public sealed class PostgresSilosStorageTests : IAsyncLifetime
{
    private readonly List<Silo> _silos = [];
    private PostgresServer _server = null!;
    private string _database = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.ShareAsync();
        _database = await _server.TakeDatabaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos) await silo.DisposeAsync();
        await _server.GiveBackAsync(_database);
    }

    [Fact]
    public async Task Silos_and_gateways_that_start_at_once_on_an_empty_database_all_open_it()
    {
        var silos = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => StartAsync()));

        await Task.WhenAll(silos.Select(silo => silo.TakeMailAsync()));

        Assert.Equal(8, (await silos[0].Store.Queries.CountAsync(Cancel))["working"]);
    }

    [Fact]
    public async Task Of_too_many_ended_mails_exactly_the_oldest_go_however_many_collect_at_once()
    {
        var silos = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => StartAsync(options => options with { MaxEndedMails = 50, CollectorBatch = 10 })));
        var ids = new List<string>();
        for (var count = 0; count < 250; count++)
        {
            var id = await silos[0].TakeMailAsync();
            var state = new GrainState<MailState>();
            await silos[0].Store.GrainStates.ReadStateAsync(MailStateStorage.StateName, Orleans.Runtime.GrainId.Create("mail", id), state);
            state.State = state.State! with { Phase = MailPhase.Delivered };
            await silos[0].WriteAsync(id, state);
            ids.Add(id);
        }

        var collected = await Task.WhenAll(silos.Select(silo => silo.Store.CollectAsync(Cancel)));

        Assert.Equal(200, collected.Sum());
        Assert.Equal(ids[200..].Order(), (await silos[0].Store.Queries.ListAsync("delivered", 1000, Cancel)).Select(mail => mail.Id).Order());
    }

    [Fact]
    public async Task An_open_stage_of_a_living_process_is_collected_by_no_other_and_one_of_an_ended_process_is()
    {
        var gateway = await StartAsync();
        var silo = await StartAsync(static options => options with { StagedRetention = TimeSpan.Zero });
        await using var stage = gateway.Store.Contents.Stage();
        await stage.WriteAsync(new byte[700_000], Cancel);

        Assert.Equal(0, await silo.Store.CollectAsync(Cancel));
        await gateway.EndAsync();

        Assert.Equal(1, await silo.Store.CollectAsync(Cancel));
    }

    [Fact]
    public async Task Room_comes_back_to_a_gateway_when_a_silo_names_what_it_staged()
    {
        var gateway = await StartAsync(static options => options with { MaxStagedBytes = 1_000_000 });
        var silo = await StartAsync();
        for (var message = 0; message < 5; message++) await silo.TakeMailAsync(await gateway.StageAsync(600_000));

        await gateway.StageAsync(600_000);

        await Assert.ThrowsAsync<StoreFullException>(() => gateway.StageAsync(600_000));
    }

    [Fact]
    public async Task A_silo_that_names_what_others_staged_has_no_more_room_for_that()
    {
        var gateway = await StartAsync();
        var silo = await StartAsync(static options => options with { MaxStagedBytes = 1_000_000 });
        for (var message = 0; message < 5; message++) await silo.TakeMailAsync(await gateway.StageAsync(600_000));

        await silo.StageAsync(600_000);

        await Assert.ThrowsAsync<StoreFullException>(() => silo.StageAsync(600_000));
    }

    private async Task<Silo> StartAsync(Func<PostgresStoreOptions, PostgresStoreOptions>? change = null)
    {
        var silo = await Silo.StartAsync(_server, _database, change);
        lock (_silos) _silos.Add(silo);
        return silo;
    }
}
