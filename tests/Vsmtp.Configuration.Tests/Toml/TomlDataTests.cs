using System.Text.Json.Nodes;
using Vsmtp.Configuration.Toml;

namespace Vsmtp.Configuration.Tests.Toml;

/// <summary>Our own documents: a <c>.json</c> beside each valid one, the faults beside each invalid one.</summary>
public sealed class TomlDataTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Toml", "Data");

    public static TheoryData<string> Valid => Files("valid");

    public static TheoryData<string> Invalid => Files("invalid");

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_document_gives_the_values_of_its_json_twin(string file)
    {
        foreach (var lineEnd in new[] { "\n", "\r\n" })
        {
            var text = File.ReadAllText(Path.Combine(Folder, file)).Replace("\n", lineEnd, StringComparison.Ordinal);
            var document = TomlReader.Read(System.Text.Encoding.UTF8.GetBytes(text), file);
            Assert.Empty(document.Faults.Select(f => f.ToString()));
            var twin = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, Path.ChangeExtension(file, ".json"))))!;
            Assert.Equal(TaggedJson.Normalize(twin), TaggedJson.Normalize(TaggedJson.Of(document.Root)));
        }
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void A_document_gives_the_faults_that_stand_beside_it(string file)
    {
        var document = TomlReader.Read(File.ReadAllBytes(Path.Combine(Folder, file)), Path.GetFileName(file));
        var expected = File.ReadAllText(Path.Combine(Folder, Path.ChangeExtension(file, ".faults.txt")));
        Assert.Equal(expected.TrimEnd('\n'), string.Join('\n', document.Faults));
    }

    private static TheoryData<string> Files(string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(Folder, folder), "*.toml").Order(StringComparer.Ordinal).Select(f => Path.GetRelativePath(Folder, f))];
}
