namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server.cluster]</c>: how silos and gateways of the Orleans build find each other. Without effect in the embedded build.</summary>
public sealed record ClusterOptions
{
    /// <summary>Names the deployment's data; stays the same for ever. Default: <c>vsmtp</c>.</summary>
    public string ServiceId { get; init; } = "vsmtp";

    /// <summary>Names the set of silos that work together. Default: <c>vsmtp</c>.</summary>
    public string ClusterId { get; init; } = "vsmtp";

    /// <summary>
    /// Address or name of this silo, on which it listens and under which other silos and the gateways reach it. Whoever reaches it may do
    /// all that a gateway may, so it belongs into a network of their own. Default: <c>127.0.0.1</c>.
    /// </summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>TCP port between silos. Default: 11111, as Orleans.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>TCP port from gateways to silos. Default: 30000, as Orleans.</summary>
    public int GatewayPort { get; init; } = 30000;
}
