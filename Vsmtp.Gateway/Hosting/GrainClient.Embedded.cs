using Microsoft.Extensions.Hosting;
using Vsmtp.Configuration.Options;

namespace Vsmtp.Gateway.Hosting;

/// <summary>The way from a gateway's own process to the grains: none in this build. Its Orleans twin has one.</summary>
public static class GrainClient
{
    /// <exception cref="InvalidOperationException">Always: grains of the embedded host are reached from their own process only.</exception>
    public static void AddGrainClient(this IHostApplicationBuilder host, ClusterOptions cluster, string connection) =>
        throw new InvalidOperationException("The embedded host has no clients in other processes.");
}
