namespace Vsmtp.Architecture.Tests;

/// <summary>style.md section 2: a file of over 500 lines explains itself, and so far none needs to.</summary>
public sealed class SourceSize
{
    private const int MostLines = 500;

    [Fact]
    public void No_file_that_people_wrote_has_more_than_500_lines()
    {
        var long_ = Repository.Projects.Append(Path.Combine(Repository.Root, "tests")).SelectMany(Repository.Sources)
            .Where(file => File.ReadLines(file).Count() > MostLines)
            .Select(file => Path.GetRelativePath(Repository.Root, file));
        Assert.Empty(long_);
    }
}
