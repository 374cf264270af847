using Vsmtp.Configuration.Options;
using Vsmtp.Configuration.Versions;

namespace Vsmtp.Configuration;

/// <summary>The whole of <c>vsmtp.toml</c>, checked; every path in it is absolute.</summary>
public sealed record VsmtpConfiguration
{
    /// <summary>Absolute path of the file; null: built-in defaults.</summary>
    public string? File { get; init; }

    /// <summary>The versions of the server that the file is for; null: any. Default: null.</summary>
    public VersionRequirement? VersionRequirement { get; init; }

    public ServerOptions Server { get; init; } = new();

    public ApplicationOptions App { get; init; } = new();

    /// <summary>
    /// The keys of the file and of <c>--set</c> that are checked and kept, and that this version of the server does not heed.
    /// In the order of reading.
    /// </summary>
    public IReadOnlyList<IdleKey> NotYetInEffect { get; init; } = [];
}
