namespace Vsmtp.EndToEnd.Tests.Support;

/// <summary>The checkout that these tests were built from.</summary>
internal static class SourceTree
{
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Vsmtp.slnx"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
