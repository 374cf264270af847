namespace Vsmtp.Configuration.Tests.Toml;

/// <summary>The toml-test suite, which stands beside the project and not in it.</summary>
internal static class TomlCorpus
{
    private const string Missing = "../shared/corpora/toml-test is not there";

    /// <summary>The files of TOML 1.0.0 under <c>valid</c> or <c>invalid</c>; one empty row when the suite is missing.</summary>
    public static TheoryData<string> Files(string folder)
    {
        var list = Path.Combine(Folder ?? "", "files-toml-1.0.0");
        return Folder is null
            ? [""]
            : [.. File.ReadLines(list).Where(f => f.StartsWith(folder + "/", StringComparison.Ordinal) && f.EndsWith(".toml", StringComparison.Ordinal))];
    }

    /// <summary>The full path of a file; ends the test when the suite is missing.</summary>
    public static string Require(string file)
    {
        if (Folder is not null)
        {
            return Path.Combine(Folder, file);
        }

        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", Missing);
        Assert.Skip(Missing);
        return "";
    }

    private static readonly string? Folder = Find();

    private static string? Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Vsmtp.slnx")))
            {
                var tests = Path.GetFullPath(Path.Combine(at.FullName, "../shared/corpora/toml-test/tests"));
                return Directory.Exists(tests) ? tests : null;
            }
        }

        return null;
    }
}
