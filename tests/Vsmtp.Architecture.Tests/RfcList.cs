using System.Text.RegularExpressions;

namespace Vsmtp.Architecture.Tests;

/// <summary>RFCS.md: which RFC is where, and shown by which tests.</summary>
public sealed partial class RfcList
{
    private const string Tests = "tests/";

    private static readonly IReadOnlyList<Row> Rows = [.. Read()];

    [Fact]
    public void Every_file_that_it_names_is_there()
    {
        Assert.True(Rows.Count > 50, "the list is read");
        Assert.Empty(Rows.SelectMany(row => row.Files).Where(file => !File.Exists(Path.Combine(Repository.Root, file))).Distinct());
    }

    [Fact]
    public void What_is_implemented_is_shown_by_a_test_that_cites_it()
    {
        var claimed = Rows.Where(row => row.IsImplemented).ToList();
        Assert.True(claimed.Count > 30, "the list is read");
        Assert.Empty(claimed
            .Where(row => !row.Files.Any(file => IsTest(file) && Citations(Path.Combine(Repository.Root, file)).Contains(row.Number)))
            .Select(row => row.Number));
    }

    [Fact]
    public void What_the_program_cites_is_in_it()
    {
        var listed = Rows.Select(row => row.Number).ToHashSet();
        Assert.Empty(Repository.Projects.SelectMany(Repository.Sources).SelectMany(Citations).Except(listed).Order());
    }

    private static bool IsTest(string file) => file.StartsWith(Tests, StringComparison.Ordinal);

    private static IEnumerable<string> Citations(string file) => Citation().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value);

    private static IEnumerable<Row> Read()
    {
        var isImplemented = false;
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "RFCS.md")))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal)) isImplemented = line.StartsWith("## Implemented", StringComparison.Ordinal);
            if (FirstCell().Match(line) is { Success: true } first)
                yield return new Row(first.Groups[1].Value, isImplemented, [.. FilesOf(line.TrimEnd(' ', '|').Split(" | ")[^1])]);
        }
    }

    /// <param name="cell"><c>`folder/` Name, Name&lt;br&gt;`folder/` Name</c>.</param>
    private static IEnumerable<string> FilesOf(string cell) =>
        from part in cell.Split("<br>")
        let words = part.Split(' ', 2)
        from name in words[1].Split(", ")
        select $"{words[0].Trim('`')}{name}.cs";

    [GeneratedRegex(@"^\| (\d+) \|")]
    private static partial Regex FirstCell();

    [GeneratedRegex(@"\bRFC (\d{3,5})\b")]
    private static partial Regex Citation();

    private sealed record Row(string Number, bool IsImplemented, string[] Files);
}
