namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server.api]</c>.</summary>
public sealed record ApiOptions
{
    /// <summary>
    /// Absolute path of the Unix socket, mode 0600, by which the commands reach the running server; at most
    /// <see cref="MaxSocketPathBytes"/> long. Default: <c>vsmtp.sock</c> in <see cref="QueueOptions.DirPath"/>.
    /// </summary>
    public string Socket { get; init; } = "/var/spool/vsmtp/vsmtp.sock";

    /// <summary>What <c>sockaddr_un</c> holds on Linux, without the terminating zero (unix(7)).</summary>
    public const int MaxSocketPathBytes = 107;
}
