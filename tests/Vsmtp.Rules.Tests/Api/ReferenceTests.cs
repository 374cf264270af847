using Vsmtp.Rules.Api;

namespace Vsmtp.Rules.Tests.Api;

public sealed class ReferenceTests
{
    [Fact]
    public async Task The_committed_reference_is_what_the_table_gives()
    {
        var committed = await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "vsl-api.md"), Site.Token);

        Assert.True(committed == RuleReference.ToMarkdown(), "docs/vsl-api.md is not what the table of functions gives: run eng/generate-api-docs");
    }

    [Fact]
    public void The_reference_has_every_name()
    {
        var text = RuleReference.ToMarkdown();
        var names = ApiTable.All.Functions.SelectMany(f => f.GlobalNames.Skip(1).Concat(f.Doc.Newer).Select(name => $"`{name}`").Append($"{f.Signature}`"))
            .Concat(ApiTable.All.Constants.SelectMany(c => c.Newer.Select(name => $"`{name}()`").Concat(c.Name is null ? [] : [$"`{c.Name}`"])));

        Assert.All(names, name => Assert.Contains(name, text, StringComparison.Ordinal));
    }

    /// <summary>Of the sources, in whatever clone they are.</summary>
    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Vsmtp.slnx"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
