using Vsmtp.Configuration.Writing;

namespace Vsmtp.Configuration;

/// <summary>Gives the effective configuration: every key, defaults filled in, no secret.</summary>
public static class ConfigurationWriter
{
    /// <summary>As TOML text, LF at the line ends, which reads back as the same configuration (but for passwords).</summary>
    public static string ToToml(VsmtpConfiguration configuration) => TomlWriter.Write(ToTree(configuration));

    /// <summary>The keys in which two configurations differ, in the order of the later one; keys that only the earlier one has stand last.</summary>
    public static IReadOnlyList<KeyDifference> Differences(VsmtpConfiguration earlier, VsmtpConfiguration later)
    {
        var before = TomlWriter.Values(ToTree(earlier)).ToDictionary();
        var after = TomlWriter.Values(ToTree(later)).ToList();
        return
        [
            .. after.Select(key => new KeyDifference(key.Key, before.GetValueOrDefault(key.Key), key.Value)).Where(key => key.Before != key.After),
            .. before.ExceptBy(after.Select(key => key.Key), key => key.Key).Select(key => new KeyDifference(key.Key, key.Value, null)),
        ];
    }

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
