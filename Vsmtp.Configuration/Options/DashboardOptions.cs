using System.Net;

namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server.dashboard]</c>. Not yet in effect.</summary>
public sealed record DashboardOptions
{
    /// <summary>
    /// Where the dashboard listens; null (<c>""</c> in the file): nowhere. Anything but loopback needs
    /// <see cref="PasswordFile"/>. Default: <c>127.0.0.1:8025</c>.
    /// </summary>
    public IPEndPoint? Addr { get; init; } = new(IPAddress.Loopback, 8025);

    /// <summary>Absolute path of the file with the users' passwords; null: no log-in. Default: null.</summary>
    public string? PasswordFile { get; init; }
}
