namespace Vsmtp.Architecture.Tests;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The folders of shipped projects.</summary>
    public static IEnumerable<string> Projects => Directory.EnumerateDirectories(Root, "Vsmtp.*");

    /// <summary>Source files of a folder that people wrote.</summary>
    public static IEnumerable<string> Sources(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/Generated/", StringComparison.Ordinal));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Vsmtp.slnx"))) return folder.FullName;
        }

        throw new InvalidOperationException("These tests run within a checkout.");
    }
}
