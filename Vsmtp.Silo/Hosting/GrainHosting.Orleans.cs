using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Hosting;
using Orleans.Serialization;
using Vsmtp.Configuration.Options;
using Vsmtp.Silo.Sweeping;
using Vsmtp.Storage;
using Vsmtp.Storage.Postgres;
using Vsmtp.Storage.Postgres.Cluster;
using ClusterOptions = Vsmtp.Configuration.Options.ClusterOptions;
using ClusterNames = Orleans.Configuration.ClusterOptions;

namespace Vsmtp.Silo.Hosting;

/// <summary>The grains in a silo of Orleans. With <c>GrainHost=Embedded</c> this file is not compiled and its embedded twin is.</summary>
public static class GrainHosting
{
    /// <summary>Under this path silos show Orleans' own dashboard.</summary>
    private const string DashboardPath = "/orleans";

    /// <summary>
    /// How long a caller waits for an answer: it waits so long for a silo that was killed, and the outcome is then unknown
    /// (spec/orleans-api.md, "Behaviour that bites", 5).
    /// </summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Whether a silo and a gateway can be processes of their own.</summary>
    public static bool HasRoles => true;

    /// <summary>Whether the host has screens of its own, for <see cref="MapGrainDashboard"/>.</summary>
    public static bool HasDashboard => true;

    /// <summary>
    /// Takes the store for the processes of one cluster, before anything of it is read; an embedded host then cannot have it. The
    /// database lets go of it when the process ends in whatever way.
    /// </summary>
    /// <exception cref="StoreUnusableException">It is a SQLite store, or an embedded host has it, or it cannot be reached.</exception>
    public static StoreClaim ClaimStore(StorageOptions storage)
    {
        if (storage.Url is not StorageUrl.Postgres postgres) throw new StoreUnusableException(
            $"{storage.Url} is a store of one process; silos and gateways share theirs: server.storage.url must be postgres://…");
        var claim = StoreClaim.OnDatabase(postgres, ClaimMode.Shared);
        try
        {
            claim.PrepareCluster();
            return claim;
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    /// <summary>Faults of this host at a start that an operator can mend, in words; null: not one of these.</summary>
    public static string? Explain(Exception fault) => fault is OrleansConfigurationException ? fault.Message : null;

    /// <summary>
    /// Orleans' own pages, without what they show of single grains: a mail's state has its sender, recipients and subject, which are for
    /// whoever may open the local API's socket.
    /// </summary>
    public static void MapGrainDashboard(this IEndpointRouteBuilder endpoints) => endpoints.MapOrleansDashboard(DashboardPath)
        .AddEndpointFilter((call, next) => call.HttpContext.Request.Path.StartsWithSegments(DashboardPath + "/GrainState", StringComparison.OrdinalIgnoreCase)
            ? ValueTask.FromResult<object?>(Results.NotFound())
            : next(call));

    internal static void AddGrainHost(this IHostApplicationBuilder host, ClusterOptions cluster, StoreClaim claim)
    {
        host.UseOrleans(silo =>
        {
            silo.Configure<ClusterNames>(options => (options.ServiceId, options.ClusterId) = (cluster.ServiceId, cluster.ClusterId));
            // One name in the cluster and in the store: what the one declares dead must not hold the other.
            silo.Configure<SiloOptions>(options => options.SiloName = claim.Incarnation!);
            silo.ConfigureEndpoints(AddressOf(cluster), cluster.SiloPort, cluster.GatewayPort, listenOnAnyHostAddress: false);
            silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = Connect(ClusterUse.Membership));
            silo.UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = Connect(ClusterUse.Reminders));
            silo.AddAdoNetGrainStorageAsDefault(options => (options.Invariant, options.ConnectionString) = Connect(ClusterUse.GrainStates));
            silo.AddDashboard(options => options.HideTrace = true);   // logs name mails too
            silo.Services.AddSingleton<PlacementStrategy, RandomPlacement>();
            silo.Configure<GrainCollectionOptions>(Forget);
            silo.Configure<SiloMessagingOptions>(Deliver);
            // A cause that has no serializer would make the whole fault unreadable to its caller.
            silo.Services.Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.UnionWith(["Vsmtp", "Npgsql"]));
            silo.Configure<ClusterMembershipOptions>(DeclareDead);
            silo.Services.AddHostedService<DeadSiloFence>();
        });

        (string, string) Connect(ClusterUse use) => (ClusterTables.Invariant, claim.ClusterConnection(use));
    }

    /// <summary>A sleeping mail costs no memory (design rule 8).</summary>
    private static void Forget(GrainCollectionOptions options) =>
        (options.CollectionAge, options.CollectionQuantum) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1));

    /// <summary>A mail's grain often ends while it is called: its calls go on to the next activation, and are not refused.</summary>
    private static void Deliver(SiloMessagingOptions options)
    {
        options.ResponseTimeout = options.SystemResponseTimeout = ResponseTimeout;
        options.MaxForwardCount = 10;
    }

    /// <summary>A dead silo is known as dead in some four seconds; a busy one must not be taken for dead.</summary>
    private static void DeclareDead(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = TimeSpan.FromSeconds(2);
        options.NumMissedProbesLimit = 2;
    }

    private static IPAddress AddressOf(ClusterOptions cluster)
    {
        try
        {
            var addresses = System.Net.Dns.GetHostAddresses(cluster.Address);
            return Array.Find(addresses, address => address.AddressFamily is AddressFamily.InterNetwork) ?? addresses[0];
        }
        catch (SocketException unknown)
        {
            throw new OrleansConfigurationException($"server.cluster.address is {cluster.Address}, which cannot be looked up: {unknown.Message}");
        }
    }
}
