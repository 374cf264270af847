namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[app]</c>: what belongs to the rules.</summary>
public sealed record ApplicationOptions
{
    /// <summary>Absolute path of the folder that rules write and dump into. Default: <c>/var/spool/vsmtp/app</c>.</summary>
    public string DirPath { get; init; } = "/var/spool/vsmtp/app";

    public ApplicationLogOptions Logs { get; init; } = new();

    public VslOptions Vsl { get; init; } = new();
}
