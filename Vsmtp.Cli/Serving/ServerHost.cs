using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vsmtp.Cli.Logging;
using Vsmtp.Configuration;
using Vsmtp.Dashboard.Api;
using Vsmtp.Dashboard.Listening;
using Vsmtp.Delivery.Carrying;
using Vsmtp.Gateway.Hosting;
using Vsmtp.Silo.Hosting;
using Vsmtp.Storage.Postgres.Cluster;

namespace Vsmtp.Cli.Serving;

/// <summary>Puts the parts of a role together.</summary>
internal static class ServerHost
{
    /// <summary>Longer than a session's or a worker's own patience, so that these end first.</summary>
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(30);

    public static WebApplication Build(ServerRole role, Site site, StoreClaim claim, ApplicationLog ruleLog, CarrierLink? carrier)
    {
        var configuration = site.Configuration!;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();                 // vsmtp.toml alone says how the server is
        builder.Logging.ClearProviders().AddServerLog(configuration.Server.Logs);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = DrainTimeout);
        builder.Services.AddSite(claim, site.Rules!, site.RuleOptions!, ruleLog);
        if (role.HasSilo()) builder.AddSilo(configuration, claim, carrier);
        else builder.AddGrainClient(configuration.Server.Cluster, claim.ClusterConnection(ClusterUse.Membership));
        if (role.HasGateway()) builder.Services.AddGateway(configuration, site.Certificates);
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, role, configuration));
        var server = builder.Build();
        server.UseFace(HttpFace.LocalApi, endpoints => endpoints.MapLocalApi());
        if (role.HasDashboard()) server.UseFace(HttpFace.Dashboard, endpoints => endpoints.MapGrainDashboard());
        return server;
    }

    private static void Listen(KestrelServerOptions kestrel, ServerRole role, VsmtpConfiguration configuration)
    {
        kestrel.AddServerHeader = false;
        if (role.HasGateway()) kestrel.ListenForSmtp(configuration);
        LocalSocket.Prepare(configuration.Server.Api.Socket);
        kestrel.ListenUnixSocket(configuration.Server.Api.Socket, listener => listener.Show(HttpFace.LocalApi));
        if (role.HasDashboard() && configuration.Server.Dashboard.Addr is { } dashboard)
            kestrel.Listen(dashboard, listener => listener.Show(HttpFace.Dashboard));
    }
}
