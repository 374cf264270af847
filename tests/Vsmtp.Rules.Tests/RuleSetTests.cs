namespace Vsmtp.Rules.Tests;

/// <summary>Pinning: a set is its texts, and its hash names them.</summary>
public sealed class RuleSetTests
{
    private readonly Site _site = new();

    [Fact]
    public async Task The_hash_is_that_of_paths_and_texts()
    {
        var set = await _site.LoadGoodAsync("import \"a\" as a; #{}", ("a.vsl", "fn f() { 1 }"));
        var same = await _site.LoadGoodAsync("import \"a\" as a; #{}", ("a.vsl", "fn f() { 1 }"), ("unused.vsl", "fn f() { 1 }"));
        var other = await _site.LoadGoodAsync("import \"a\" as a; #{}", ("a.vsl", "fn f() { 2 }"));

        Assert.Equal(64, set.Hash.Length);
        Assert.Equal(set.Hash, same.Hash);
        Assert.Equal(["a.vsl", "main.vsl"], same.Files.Keys);
        Assert.NotEqual(set.Hash, other.Hash);
    }

    [Fact]
    public async Task A_set_on_disk_and_the_same_set_stored_are_one()
    {
        var directory = Directory.CreateTempSubdirectory();
        Directory.CreateDirectory(Path.Combine(directory.FullName, "lib"));
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "site.vsl"), "import \"lib/net\" as net; #{ connect: [ rule \"a\" || net::f() ] }", Site.Token);
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "lib", "net.vsl"), "fn f() { deny() }", Site.Token);

        var onDisk = (await RuleSetLoader.LoadAsync(Path.Combine(directory.FullName, "site.vsl"), _site.Options, Site.Token)).Set!;
        directory.Delete(recursive: true);
        var stored = (await RuleSetLoader.LoadAsync(onDisk.MainPath, onDisk.Files, _site.Options, Site.Token)).Set!;

        Assert.Equal("site.vsl", onDisk.MainPath);
        Assert.Equal(onDisk.Hash, stored.Hash);
        Assert.Equal(RuleStatusKind.Deny, (await _site.Engine.RunAsync(stored, Stage.Connect, Site.Connection(), Site.Token)).Status);
    }

    [Fact]
    public async Task A_stored_set_reads_nothing_from_disk()
    {
        var result = await _site.LoadAsync("object h file:string = \"/etc/hostname\";\n#{}");

        Assert.Contains("is not among the files of the stored rule set", Assert.Single(result.Diagnostics).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stages_have_names_and_read_back()
    {
        Assert.All(Enum.GetValues<Stage>(), stage =>
        {
            Assert.True(StageNames.TryParse(stage.ToText(), out var parsed));
            Assert.Equal(stage, parsed);
        });
        Assert.False(StageNames.TryParse("Postq", out _));
        Assert.Equal([Stage.Preq, Stage.Postq, Stage.Delivery], Enum.GetValues<Stage>().Where(s => s.MayDelegate()));
    }
}
