using Vsmtp.Mail.Headers;

namespace Vsmtp.Mail.Tests.Corpora;

/// <summary>Messages made to break parsers (james-mime4j); data that is not part of the project.</summary>
public sealed class MimeCorpusTests
{
    [Fact]
    public void Every_message_of_the_mime_corpus_is_read_and_written_unchanged()
    {
        var folder = Find();
        if (folder is null)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "../shared/corpora/mime is missing and CI=true");
            Assert.Skip("../shared/corpora/mime is not here");
        }

        var count = 0;
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(IsMessage))
        {
            var bytes = File.ReadAllBytes(file);
            var block = HeaderBlock.Parse(bytes);
            Assert.True(block.ToArray().AsSpan().SequenceEqual(bytes.AsSpan(0, block.ParsedBytes)), file);
            Assert.True(block.HasEmptyLine || block.ParsedBytes == bytes.Length, file);
            Assert.All(block.Fields.Where(field => !field.IsOpaque), field => Assert.Contains(field.Value, block.GetAll(field.Name)));
            count++;
        }

        Assert.InRange(count, 160, int.MaxValue);
    }

    private static bool IsMessage(string file) => Path.GetExtension(file) is ".msg" or ".out";

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Vsmtp.slnx"))) continue;
            var corpus = Path.Combine(folder.FullName, "..", "shared", "corpora", "mime");
            return Directory.Exists(corpus) ? corpus : null;
        }

        return null;
    }
}
