using Vsmtp.Configuration.Writing;

namespace Vsmtp.Configuration;

/// <summary>Gives the effective configuration: every key, defaults filled in, no secret.</summary>
public static class ConfigurationWriter
{
    /// <summary>As TOML text, LF at the line ends, which reads back as the same configuration (but for passwords).</summary>
    public static string ToToml(VsmtpConfiguration configuration) => TomlWriter.Write(ToTree(configuration));

    /// <summary>
    /// As plain values by key: <see cref="string"/>, <see cref="long"/>, <see cref="bool"/>, <c>IReadOnlyList&lt;object?&gt;</c> and
    /// <c>IReadOnlyDictionary&lt;string, object?&gt;</c> of these; durations as text; what is not set is not there. The rules see
    /// its <c>server</c> and <c>app</c>.
    /// </summary>
    public static IReadOnlyDictionary<string, object?> ToTree(VsmtpConfiguration configuration) => new TreeBuilder()
        .Add("version_requirement", configuration.VersionRequirement?.ToString())
        .Add("server", ServerTree.Of(configuration.Server))
        .Add("app", new TreeBuilder()
            .Add("dirpath", configuration.App.DirPath)
            .Add("logs", new TreeBuilder()
                .Add("filepath", configuration.App.Logs.FilePath)
                .Add("format", configuration.App.Logs.Format))
            .Add("vsl", new TreeBuilder().Add("filepath", configuration.App.Vsl.FilePath)))
        .Build();
}
