using System.Xml.Linq;

namespace Vsmtp.Architecture.Tests;

/// <summary>Which project may know which: the drawing of docs/overview.md, read off the project files.</summary>
public sealed class ProjectEdges
{
    private static readonly Dictionary<string, string[]> Drawn = new()
    {
        ["Vsmtp.Cli"] = ["Vsmtp.Gateway", "Vsmtp.Silo", "Vsmtp.Dashboard", "Vsmtp.Vsl"],
        ["Vsmtp.Silo"] = ["Vsmtp.Grains", "Vsmtp.Storage", "Vsmtp.Configuration", "Vsmtp.Embedded"],
        ["Vsmtp.Gateway"] = ["Vsmtp.Contracts", "Vsmtp.Smtp", "Vsmtp.Rules", "Vsmtp.Configuration", "Vsmtp.Storage"],
        ["Vsmtp.Grains"] = ["Vsmtp.Contracts", "Vsmtp.Rules", "Vsmtp.Delivery"],
        ["Vsmtp.Dashboard"] = ["Vsmtp.Contracts", "Vsmtp.Configuration"],
        ["Vsmtp.Storage"] = ["Vsmtp.Contracts"],
        ["Vsmtp.Delivery"] = ["Vsmtp.Contracts", "Vsmtp.Smtp", "Vsmtp.Dns", "Vsmtp.Mail"],
        ["Vsmtp.Rules"] = ["Vsmtp.Vsl", "Vsmtp.Mail", "Vsmtp.Dns", "Vsmtp.Authentication"],
        ["Vsmtp.Authentication"] = ["Vsmtp.Mail", "Vsmtp.Dns"],
        ["Vsmtp.Contracts"] = ["Vsmtp.Mail", "Vsmtp.Orleans.Surface"],
        ["Vsmtp.Smtp"] = ["Vsmtp.Mail"],
        ["Vsmtp.Configuration"] = ["Vsmtp.Mail"],
        ["Vsmtp.Embedded"] = ["Vsmtp.Orleans.Surface"],
        ["Vsmtp.Mail"] = [],
        ["Vsmtp.Dns"] = [],
        ["Vsmtp.Vsl"] = [],
        ["Vsmtp.Orleans.Surface"] = [],
    };

    public static TheoryData<string> Projects => [.. Repository.Projects.Select(folder => Path.GetFileName(folder)!)];

    [Theory, MemberData(nameof(Projects))]
    public void A_project_knows_only_those_that_are_drawn(string project)
    {
        Assert.True(Drawn.TryGetValue(project, out var allowed), $"{project} is not in the drawing.");
        Assert.Empty(ReferencesOf(project).Except(allowed));
    }

    [Fact]
    public void The_switch_of_the_grain_host_adds_the_two_edges_that_are_drawn_for_it()
    {
        var targets = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.targets"));
        var edges = targets.Descendants("ProjectReference").Select(reference => Name(reference.Attribute("Include")!.Value));
        Assert.Equal(["Vsmtp.Orleans.Surface", "Vsmtp.Embedded"], edges);
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = XDocument.Load(Path.Combine(Repository.Root, "Vsmtp.slnx"));
        var listed = solution.Descendants("Project").Select(project => Path.GetFileNameWithoutExtension(project.Attribute("Path")!.Value));
        var there = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "tests"))
            .Concat(Directory.EnumerateDirectories(Path.Combine(Repository.Root, "benchmarks"), "Vsmtp.*"))
            .Concat(Repository.Projects).Select(Path.GetFileName);
        Assert.Equal(there.Order(), listed.Order());
    }

    private static IEnumerable<string> ReferencesOf(string project) =>
        XDocument.Load(Path.Combine(Repository.Root, project, $"{project}.csproj"))
            .Descendants("ProjectReference").Select(reference => Name(reference.Attribute("Include")!.Value));

    private static string Name(string include) => Path.GetFileNameWithoutExtension(include);
}
