using System.Collections.Immutable;

namespace Vsmtp.Configuration;

/// <summary>Reads <c>vsmtp.toml</c> and tells all that is wrong with it at once.</summary>
public static class ConfigurationReader
{
    /// <summary>Reads a file; one that cannot be read is a fault, not an exception.</summary>
    /// <param name="path">The file; null: the built-in defaults.</param>
    /// <param name="sets">
    /// The <c>--set KEY=VALUE</c> of the command line, put over the file before it is checked. A key is dotted as in TOML; a
    /// value is one of TOML, or else a text.
    /// </param>
    /// <param name="environment">Looks up a variable; null: those of the process.</param>
    public static ConfigurationResult Read(
        string? path, IReadOnlyList<KeyValuePair<string, string>> sets, Func<string, string?>? environment = null) =>
        throw new NotSupportedException();

    /// <summary>As <see cref="Read"/>, from memory.</summary>
    /// <param name="text">The TOML document.</param>
    /// <param name="path">Its name in faults; relative paths in it start at its folder.</param>
    public static ConfigurationResult ReadText(
        string text, string path, IReadOnlyList<KeyValuePair<string, string>> sets, Func<string, string?>? environment = null) =>
        throw new NotSupportedException();
}
