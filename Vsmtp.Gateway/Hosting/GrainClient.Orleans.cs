using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Serialization;
using Vsmtp.Storage.Postgres.Cluster;
using ClusterNames = Orleans.Configuration.ClusterOptions;
using ClusterOptions = Vsmtp.Configuration.Options.ClusterOptions;
using SiloListOptions = Orleans.Configuration.GatewayOptions;

namespace Vsmtp.Gateway.Hosting;

/// <summary>The way from a gateway's own process to the grains: a client of the cluster. With <c>GrainHost=Embedded</c> its twin is compiled.</summary>
public static partial class GrainClient
{
    private static readonly TimeSpan ConnectPause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Adds it. The start of the host waits, without end, until a silo answers; what is added after it starts after that.
    /// </summary>
    /// <param name="cluster">Which cluster.</param>
    /// <param name="connection">To the tables in which silos register.</param>
    public static void AddGrainClient(this IHostApplicationBuilder host, ClusterOptions cluster, string connection) =>
        host.UseOrleansClient(client =>
        {
            client.Configure<ClusterNames>(options => (options.ServiceId, options.ClusterId) = (cluster.ServiceId, cluster.ClusterId));
            client.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (ClusterTables.Invariant, connection));
            // A silo that is started later is known so soon; one that is killed is left at once, when its connection ends.
            client.Configure<SiloListOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5));
            client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(5));
            client.Services.Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.UnionWith(["Vsmtp", "Npgsql"]));
            client.Services.AddSingleton<IClientConnectionRetryFilter, PatientStart>();
        });

    /// <summary>Silos may start later than gateways (spec/orleans-api.md, "Behaviour that bites", 6).</summary>
    private sealed partial class PatientStart(ILogger<PatientStart> logger) : IClientConnectionRetryFilter
    {
        private readonly ILogger _logger = logger;

        public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
        {
            LogNoSilo(exception.Message);
            await Task.Delay(ConnectPause, cancellationToken).ConfigureAwait(false);
            return true;
        }

        [LoggerMessage(EventId = GatewayEvents.NoSilo, Level = LogLevel.Warning, Message = "No silo answers yet: {Why}")]
        private partial void LogNoSilo(string why);
    }
}
