namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[app.vsl]</c>.</summary>
public sealed record VslOptions
{
    /// <summary>Absolute path of the main script; null: every mail is denied. Default: null.</summary>
    public string? FilePath { get; init; }
}
