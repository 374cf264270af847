using System.Collections.Immutable;
using System.Globalization;

namespace Vsmtp.Storage.Migrations;

/// <summary>The numbered SQL files that this program carries.</summary>
internal static class MigrationFiles
{
    /// <summary>Those of one database, in order.</summary>
    /// <param name="folder">Whose: <c>Sqlite/</c> or <c>Postgres/</c>.</param>
    public static ImmutableArray<Migration> Read(string folder)
    {
        var assembly = typeof(MigrationFiles).Assembly;
        var names = assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal));
        return [.. names.Order(StringComparer.Ordinal).Select(path =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(path)!);
            var name = path[folder.Length..];
            return new Migration(long.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, reader.ReadToEnd());
        })];
    }
}
