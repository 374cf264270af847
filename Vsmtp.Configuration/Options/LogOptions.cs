using System.Collections.Immutable;

namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server.logs]</c>.</summary>
public sealed record LogOptions
{
    /// <summary>Absolute path of the server's log, rotated daily. Default: <c>/var/log/vsmtp/vsmtp.log</c>.</summary>
    public string FilePath { get; init; } = "/var/log/vsmtp/vsmtp.log";

    /// <summary>Read for files of the earlier program, which did not use it either. Default: null.</summary>
    public string? Format { get; init; }

    /// <summary>What is written; a directive with a target goes before one without. Default: <c>["warn"]</c>.</summary>
    public ImmutableArray<LogDirective> Level { get; init; } = [new(null, LogSeverity.Warn)];
}
