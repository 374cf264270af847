using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using Vsmtp.Configuration.Reading;
using Vsmtp.Configuration.Toml;
using Vsmtp.Configuration.Versions;

namespace Vsmtp.Configuration;

/// <summary>Reads <c>vsmtp.toml</c> and tells all that is wrong with it at once.</summary>
public static class ConfigurationReader
{
    /// <summary>The version that <c>version_requirement</c> is held against.</summary>
    public static SemanticVersion ServerVersion { get; } = ReadServerVersion();

    /// <summary>Reads a file; one that cannot be read is a fault, not an exception.</summary>
    /// <param name="path">The file; null: the built-in defaults.</param>
    /// <param name="sets">
    /// The <c>--set KEY=VALUE</c> of the command line, put over the file before it is checked. A key is dotted as in TOML; a
    /// value is one of TOML, or else a text.
    /// </param>
    /// <param name="environment">Looks up a variable; null: those of the process.</param>
    public static ConfigurationResult Read(
        string? path, IReadOnlyList<KeyValuePair<string, string>> sets, Func<string, string?>? environment = null)
    {
        if (path is null)
        {
            return Read([], null, sets, environment);
        }

        try
        {
            return Read(ReadBytes(path), path, sets, environment);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return new(null, [ConfigurationFault.Error($"the file cannot be read: {e.Message}", new(path, 0, 0, null))]);
        }
    }

    /// <summary>As <see cref="Read(string?, IReadOnlyList{KeyValuePair{string, string}}, Func{string, string?}?)"/>, from memory.</summary>
    /// <param name="text">The TOML document.</param>
    /// <param name="path">Its name in faults; relative paths in it start at its folder.</param>
    public static ConfigurationResult ReadText(
        string text, string path, IReadOnlyList<KeyValuePair<string, string>> sets, Func<string, string?>? environment = null) =>
        Read(Encoding.UTF8.GetBytes(text), path, sets, environment);

    private static ConfigurationResult Read(
        byte[] bytes, string? path, IReadOnlyList<KeyValuePair<string, string>> sets, Func<string, string?>? environment)
    {
        var file = path is null ? null : Path.GetFullPath(path);
        var folder = (file is null ? null : Path.GetDirectoryName(file)) ?? Environment.CurrentDirectory;
        var document = TomlReader.Read(bytes, path ?? "(defaults)");
        var context = new ReadingContext(path, folder, isPartial: !document.Faults.IsEmpty);
        SetOverlay.Apply(document.Root, sets, context);
        var storageUrl = (environment ?? Environment.GetEnvironmentVariable)(StorageReader.Variable);
        var draft = RootReader.Read(context, document.Root, string.IsNullOrEmpty(storageUrl) ? null : storageUrl, ServerVersion) with
        {
            File = file,
        };
        var faults = context.InOrder(document.Faults);
        var isUsable = faults.All(f => f.Severity != FaultSeverity.Error);
        return new(isUsable ? draft : null, faults) { Draft = draft };
    }

    // One byte more than the reader takes, so that it can say so; a device that never ends does end here.
    private static byte[] ReadBytes(string path)
    {
        using var file = File.OpenRead(path);
        var bytes = new MemoryStream();
        var buffer = new byte[81920];
        for (var read = file.Read(buffer); read > 0 && bytes.Length <= TomlDecoder.MaxBytes; read = file.Read(buffer))
        {
            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }

    private static SemanticVersion ReadServerVersion()
    {
        var version = typeof(ConfigurationReader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        return SemanticVersion.TryParse(version, out var parsed)
            ? parsed
            : throw new InvalidOperationException($"the build gave the server the version '{version}', which is none");
    }
}
