namespace Vsmtp.Configuration;

/// <summary>Gives the effective configuration: every key, defaults filled in, no secret.</summary>
public static class ConfigurationWriter
{
    /// <summary>As TOML text, LF at the line ends, which reads back as the same configuration (but for passwords).</summary>
    public static string ToToml(VsmtpConfiguration configuration) => throw new NotSupportedException();

    /// <summary>
    /// As plain values by key: <see cref="string"/>, <see cref="long"/>, <see cref="bool"/>, lists and maps of these; durations
    /// as text. The rules see its <c>server</c> and <c>app</c>.
    /// </summary>
    public static IReadOnlyDictionary<string, object?> ToTree(VsmtpConfiguration configuration) => throw new NotSupportedException();
}
