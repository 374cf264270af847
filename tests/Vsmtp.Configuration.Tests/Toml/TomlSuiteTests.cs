using System.Text.Json.Nodes;
using Vsmtp.Configuration.Toml;

namespace Vsmtp.Configuration.Tests.Toml;

public sealed class TomlSuiteTests
{
    public static TheoryData<string> ValidFiles => TomlCorpus.Files("valid");

    public static TheoryData<string> InvalidFiles => TomlCorpus.Files("invalid");

    [Theory]
    [MemberData(nameof(ValidFiles))]
    public void A_valid_file_gives_the_values_of_its_json_twin(string file)
    {
        var path = TomlCorpus.Require(file);
        var document = TomlReader.Read(File.ReadAllBytes(path), file);
        Assert.Empty(document.Faults.Select(f => f.ToString()));
        var expected = TaggedJson.Normalize(JsonNode.Parse(File.ReadAllText(Path.ChangeExtension(path, ".json")))!);
        Assert.Equal(expected, TaggedJson.Normalize(TaggedJson.Of(document.Root)));
    }

    [Theory]
    [MemberData(nameof(InvalidFiles))]
    public void An_invalid_file_is_refused_with_a_place(string file)
    {
        var path = TomlCorpus.Require(file);
        var document = TomlReader.Read(File.ReadAllBytes(path), file);
        var lines = File.ReadAllText(path).Count(c => c == '\n') + 1;
        Assert.NotEmpty(document.Faults);
        Assert.All(document.Faults, fault =>
        {
            Assert.Equal(file, fault.File);
            Assert.InRange(fault.Line, 1, lines);
            Assert.True(fault.Column >= 1);
            Assert.NotNull(fault.SourceLine);
            Assert.EndsWith("^", fault.ToString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void The_suite_is_the_whole_suite()
    {
        TomlCorpus.Require("");
        Assert.True(ValidFiles.Count >= 200, $"{ValidFiles.Count} valid files");
        Assert.True(InvalidFiles.Count >= 450, $"{InvalidFiles.Count} invalid files");
    }
}
