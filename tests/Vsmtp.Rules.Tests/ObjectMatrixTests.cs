using System.Text;

namespace Vsmtp.Rules.Tests;

/// <summary>Every kind against every kind: what is equal, what is found, and what cannot be searched (language §13.6).</summary>
public sealed class ObjectMatrixTests
{
    private const string Declarations = """
        object ip4 ip4 = "192.0.2.1"; object ip6 ip6 = "2001:db8::1"; object rg4 rg4 = "192.0.2.0/24"; object rg6 rg6 = "2001:db8::/32";
        object fqdn fqdn = "example.com"; object address address = "john@example.com"; object identifier identifier = "john";
        object string string = "john"; object regex regex = "^john"; object code code = "250 john";
        """;

    private static readonly string[] Items =
    [
        "ip4", "ip6", "rg4", "rg6", "fqdn", "address", "identifier", "string",
        "\"192.0.2.1\"", "\"::ffff:192.0.2.1\"", "\"2001:DB8::1\"", "\"192.0.2.0/24\"", "\"example.com\"", "\"EXAMPLE.com\"", "\"john@Example.com\"", "\"other\"",
    ];

    private readonly Site _site = new();

    /// <summary>One letter for each of the items: true, false, or error.</summary>
    public static TheoryData<string, string> Members => new()
    {
        { "ip4", "TFFF FFFF TTFF FFFF" },
        { "ip6", "FTFF FFFF FFTF FFFF" },
        { "rg4", "TFTF FFFF TTFT FFFF" },
        { "rg6", "FTFT FFFF FFTF FFFF" },
        { "fqdn", "FFFF TFFF FFFF TTFF" },
        { "address", "FFFF TTTF FFFF FFTF" },
        { "identifier", "FFFF FFTT FFFF FFFF" },
        { "string", "FFFF FFTT FFFF FFFF" },
        { "regex", "FFFF FTTT FFFF FFTF" },
        { "code", "FFFF FFFF FFFF FFFF" },
        { "\"192.0.2.1\"", "TFFF FFFF TFFF FFFF" },
        { "\"192.0.2.0/24\"", "FFTF FFFF FFFT FFFF" },
        { "\"Example.com\"", "FFFF TFFF FFFF FFFF" },
        { "\"john@EXAMPLE.com\"", "FFFF FTFF FFFF FFFF" },
        { "object inner group = [ip4, fqdn]", "TFFF TFFF TTFF TTFF" },
    };

    [Theory, MemberData(nameof(Members))]
    public async Task A_group_finds(string member, string found) =>
        Assert.Equal(found, await SearchAsync($"object container group = [ {member} ];"));

    /// <summary>A long group is looked up and not searched; the answers are the same.</summary>
    [Theory, MemberData(nameof(Members))]
    public async Task A_long_group_finds(string member, string found)
    {
        var others = string.Join(", ", Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? $"\"x{i}\"" : $"object o ip4 = \"10.0.0.{i}\""));
        Assert.Equal(found, await SearchAsync($"object container group = [ {others}, {member} ];"));
    }

    [Theory]
    [InlineData("ip4", "EEEE EEEE EEEE EEEE")]
    [InlineData("ip6", "EEEE EEEE EEEE EEEE")]
    [InlineData("rg4", "TFTF EEEF TTFT FFFF")]
    [InlineData("rg6", "FTFT EEEF FFTF FFFF")]
    [InlineData("fqdn", "EEEE EEEE EEEE EEEE")]
    [InlineData("address", "EEEE TETT FFFF TTFF")]
    [InlineData("identifier", "EEEE EEEE EEEE EEEE")]
    [InlineData("regex", "FFFF FTTT FFFF FFTF")]
    [InlineData("code", "EEEE EEEE EEEE EEEE")]
    public async Task A_container_finds_or_cannot_be_searched(string container, string found) =>
        Assert.Equal(found, await SearchAsync($"let container = {container};"));

    [Theory]
    [InlineData("ip4", "TFFF FFFF TTFF FFFF")]
    [InlineData("ip6", "FTFF FFFF FFTF FFFF")]
    [InlineData("rg4", "FFTF FFFF FFFT FFFF")]
    [InlineData("rg6", "FFFT FFFF FFFF FFFF")]
    [InlineData("fqdn", "FFFF TFFF FFFF TTFF")]
    [InlineData("address", "FFFF FTFF FFFF FFTF")]
    [InlineData("identifier", "FFFF FFTT FFFF FFFF")]
    [InlineData("string", "FFFF FFTT FFFF FFFF")]
    [InlineData("regex", "FFFF FFFT FFFF FFTF")]
    [InlineData("code", "FFFF FFFF FFFF FFFF")]
    public async Task An_object_equals(string left, string equal)
    {
        foreach (var form in (string[])["LEFT == RIGHT", "RIGHT == LEFT", "LEFT is RIGHT", "!(LEFT != RIGHT)", "!(RIGHT not LEFT)"])
            Assert.Equal(equal, await AskAsync("", item => form.Replace("LEFT", left, StringComparison.Ordinal).Replace("RIGHT", item, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_file_of_ten_thousand_networks_and_names_finds_what_a_short_one_finds()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var networks = Path.Combine(folder.FullName, "networks");
            await File.WriteAllLinesAsync(networks, Enumerable.Range(0, 10_000).Select(i => $"10.{i / 256}.{i % 256}.0/24"), Site.Token);
            var names = Path.Combine(folder.FullName, "names");
            await File.WriteAllLinesAsync(names, Enumerable.Range(0, 10_000).Select(i => $"host{i}.example.org"), Site.Token);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "main.vsl"), $$"""
                object networks file:rg4 = "{{networks}}";
                object names file:fqdn = "{{names}}";
                #{ connect: [ rule "find" || {
                    let found = 0;
                    for i in 0..3000 {
                        if `10.${i / 256}.${i % 256}.77` in global::networks { found += 1; }
                        if `11.${i / 256}.${i % 256}.77` in global::networks { throw "a network too much"; }
                        if `HOST${i}.example.org` in global::names { found += 1; }
                        if `host${i}.example.com` in global::names { throw "a name too much"; }
                    }
                    deny(`550 ${found}`)
                } ] }
                """, Site.Token);
            var loaded = await RuleSetLoader.LoadAsync(Path.Combine(folder.FullName, "main.vsl"), _site.Options, Site.Token);

            var outcome = await _site.Engine.RunAsync(loaded.Set!, Stage.Connect, Site.Connection(), Site.Token);

            Assert.Null(outcome.Failure);
            Assert.Equal("550 6000", outcome.Reply?.ToString());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_name_can_be_declared_again_and_the_last_one_counts() =>
        Assert.Equal("5.6.7.8", await _site.EvalAsync("object a ip4 = \"1.2.3.4\"; object a ip4 = \"5.6.7.8\"; a"));

    private async Task<string> SearchAsync(string container)
    {
        var found = await AskAsync(container, item => $"{item} in container");
        Assert.Equal(found, await AskAsync(container, item => $"container.contains({item})"));
        return found;
    }

    private async Task<string> AskAsync(string container, Func<string, string> question)
    {
        var script = new StringBuilder(Declarations).Append(container).Append("let found = \"\";");
        foreach (var (index, item) in Items.Index())
        {
            if (index is > 0 && index % 4 == 0) script.Append("found += \" \";");
            script.Append($"try {{ found += if {question(item)} {{ \"T\" }} else {{ \"F\" }}; }} catch {{ found += \"E\"; }};");
        }

        return await _site.EvalAsync(script.Append("found").ToString());
    }
}
