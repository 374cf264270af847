namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[app.logs]</c>.</summary>
public sealed record ApplicationLogOptions
{
    /// <summary>
    /// Absolute path of the file that the rule function <c>log</c> writes to; not that of <see cref="LogOptions.FilePath"/>.
    /// Default: <c>/var/log/vsmtp/app.log</c>.
    /// </summary>
    public string FilePath { get; init; } = "/var/log/vsmtp/app.log";

    /// <summary>Read for files of the earlier program, which did not use it either. Default: null.</summary>
    public string? Format { get; init; }
}
