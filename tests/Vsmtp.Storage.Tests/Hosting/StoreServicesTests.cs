using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Queues;
using Vsmtp.Contracts.RuleSets;
using Vsmtp.Storage.Hosting;
using Vsmtp.Storage.Tests.Sqlite;

namespace Vsmtp.Storage.Tests.Hosting;

public sealed class StoreServicesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_host_has_all_ports_and_closes_the_store_when_it_stops()
    {
        using var host = Build(_folder.File("vsmtp.db"));
        await host.StartAsync(TestContext.Current.CancellationToken);
        var id = MailId.Create(TimeProvider.System);
        await WriteAsync(host.Services, id);

        Assert.NotNull(await host.Services.GetRequiredService<IMailQueries>().FindAsync(id, TestContext.Current.CancellationToken));
        Assert.NotNull(host.Services.GetRequiredService<IContentStore>());
        Assert.NotNull(host.Services.GetRequiredService<IWakeUps>());
        Assert.NotNull(host.Services.GetRequiredService<IRuleSetStore>());
        await host.StopAsync(TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => WriteAsync(host.Services, MailId.Create(TimeProvider.System)));
        Assert.False(File.Exists(_folder.File("vsmtp.db-wal")));
    }

    [Fact]
    public async Task The_store_is_open_before_other_services_start_and_until_they_have_stopped()
    {
        var neighbour = new Neighbour();
        using var host = Build(_folder.File("vsmtp.db"), services => services.AddSingleton<IHostedService>(provider =>
        {
            neighbour.Services = provider;
            return neighbour;
        }));
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, neighbour.Written);
    }

    [Fact]
    public async Task A_host_whose_store_cannot_be_opened_does_not_start_and_says_why()
    {
        await File.WriteAllTextAsync(_folder.File("file"), "", TestContext.Current.CancellationToken);
        using var host = Build(Path.Combine(_folder.File("file"), "vsmtp.db"));

        var fault = await Assert.ThrowsAsync<StoreUnusableException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("vsmtp.db", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_collector_runs_by_itself()
    {
        using var host = Build(_folder.File("vsmtp.db"), services: null, options => options with
        {
            EndedRetention = TimeSpan.Zero,
            CollectorPeriod = TimeSpan.FromMilliseconds(5),
        });
        await host.StartAsync(TestContext.Current.CancellationToken);
        var id = MailId.Create(TimeProvider.System);
        await WriteAsync(host.Services, id, MailPhase.Removed);
        var queries = host.Services.GetRequiredService<IMailQueries>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await queries.FindAsync(id, patience.Token) is not null) await Task.Delay(5, patience.Token);

        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    private static IHost Build(string path, Action<IServiceCollection>? services = null, Func<StoreOptions, StoreOptions>? change = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        services?.Invoke(builder.Services);
        var options = new SqliteStoreOptions { Path = path };
        builder.Services.AddSqliteStore(change is null ? options : (SqliteStoreOptions)change(options));
        return builder.Build();
    }

    private static Task WriteAsync(IServiceProvider services, string id, MailPhase phase = MailPhase.Working) =>
        services.GetRequiredKeyedService<IGrainStorage>(MailStateStorage.ProviderName)
            .WriteStateAsync(MailStateStorage.StateName, GrainId.Create("mail", id), new GrainState<MailState>(new MailState { Phase = phase }));

    private sealed class Neighbour : IHostedService
    {
        public IServiceProvider? Services { get; set; }

        public int Written { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken) => WriteOneAsync();

        public Task StopAsync(CancellationToken cancellationToken) => WriteOneAsync();

        private async Task WriteOneAsync()
        {
            await WriteAsync(Services!, MailId.Create(TimeProvider.System));
            Written++;
        }
    }
}
