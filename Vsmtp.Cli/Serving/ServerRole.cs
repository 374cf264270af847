using Vsmtp.Silo.Hosting;

namespace Vsmtp.Cli.Serving;

/// <summary>Which part of the platform a process is.</summary>
internal enum ServerRole
{
    /// <summary>Gateway and silo in one process.</summary>
    All,

    /// <summary>Speaks SMTP; hands mails to the silos, keeps nothing.</summary>
    Gateway,

    /// <summary>Has grains, the workers that send and deliver, the sweep.</summary>
    Silo,
}

/// <summary>What the parts of the platform have.</summary>
internal static class ServerRoles
{
    public static readonly string[] Names = ["gateway", "silo"];

    /// <param name="name">One of <see cref="Names"/>, or null for all in one process.</param>
    public static ServerRole Parse(string? name) => name switch
    {
        "gateway" => ServerRole.Gateway,
        "silo" => ServerRole.Silo,
        _ => ServerRole.All,
    };

    public static bool HasGateway(this ServerRole role) => role is not ServerRole.Silo;

    public static bool HasSilo(this ServerRole role) => role is not ServerRole.Gateway;

    public static bool HasDashboard(this ServerRole role) => role.HasSilo() && GrainHosting.HasDashboard;
}
