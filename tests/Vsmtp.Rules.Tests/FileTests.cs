using System.Runtime.Versioning;
using System.Text.Json;

namespace Vsmtp.Rules.Tests;

/// <summary>Files that rules write: what is in them, and that they are nowhere else than below <c>app.dirpath</c>.</summary>
[SupportedOSPlatform("linux")]
public sealed class FileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("vsmtp-files");
    private readonly Site _site;

    public FileTests()
    {
        _site = new Site();
        _site = new Site { Options = _site.Options with { AppDirectory = App } };
    }

    private string App => Path.Combine(_root.FullName, "app");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task The_message_is_written_whole_with_the_changes_of_rules()
    {
        var context = WithBody("Subject: s\r\n\r\n", new string('x', 300_000));

        var outcome = await _site.RunAsync("append_header(\"X\", \"1\"); write(\"a/b\"); next()", context);

        Assert.Null(outcome.Failure);
        var file = Path.Combine(App, "a", "b", "0123456789abcdef.eml");
        Assert.Equal("Subject: s\r\nX: 1\r\n\r\n" + new string('x', 300_000), await File.ReadAllTextAsync(file, Site.Token));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(file));
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(App, "a")));
    }

    [Fact]
    public async Task A_shorter_message_leaves_nothing_of_a_longer_one_and_no_other_file()
    {
        await _site.RunAsync("write(\"a\"); next()", WithBody("\r\n", new string('x', 9000)));

        await _site.RunAsync("write(\"a/\"); next()", WithBody("\r\n", "short"));

        Assert.Equal("\r\nshort", await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(Path.Combine(App, "a"))), Site.Token));
    }

    [Fact]
    public async Task A_transaction_is_dumped_as_json()
    {
        await _site.RunAsync("forward(\"green@example.com\", \"192.0.2.9\"); dump(\"a\"); next()", Site.Transaction(), Stage.Preq);

        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(App, "a", "0123456789abcdef.json"), Site.Token));
        var root = json.RootElement;
        Assert.Equal("0123456789abcdef", root.GetProperty("message_id").GetString());
        Assert.Equal("preq", root.GetProperty("stage").GetString());
        Assert.Equal("192.0.2.7:40001", root.GetProperty("client_address").GetString());
        Assert.Equal("john.doe@example.com", root.GetProperty("mail_from").GetString());
        Assert.Equal("client.example.com", root.GetProperty("helo").GetString());
        Assert.Equal(Site.Now.AddSeconds(2), root.GetProperty("mail_timestamp").GetDateTimeOffset());
        var recipient = root.GetProperty("rcpt_list")[0];
        Assert.Equal("green@example.com forward 192.0.2.9", string.Join(' ', recipient.EnumerateObject().Select(p => p.Value.GetString())));
        Assert.Equal(2, root.GetProperty("rcpt_list").GetArrayLength());
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("a/./b")]
    [InlineData("/tmp/x")]
    [InlineData("")]
    [InlineData("a//b")]
    [InlineData("a\\x00b")]
    [InlineData("a\\nb")]
    [InlineData("..\\\\x")]
    public async Task No_text_leads_out_of_the_folder(string folder)
    {
        foreach (var function in (string[])["write", "dump"])
        {
            var outcome = await _site.RunAsync($"{function}(\"{folder}\"); next()", Site.Transaction());

            Assert.Contains("is not a folder below `app.dirpath`", outcome.Failure?.Message, StringComparison.Ordinal);
        }

        Assert.Empty(_root.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task No_symbolic_link_leads_out_of_the_folder()
    {
        var outside = _root.CreateSubdirectory("outside");
        Directory.CreateDirectory(App);
        Directory.CreateSymbolicLink(Path.Combine(App, "link"), outside.FullName);

        var direct = await _site.RunAsync("write(\"link\"); next()", Site.Transaction());
        var below = await _site.RunAsync("write(\"link/deeper\"); next()", Site.Transaction());

        Assert.EndsWith("is a symbolic link", direct.Failure?.Message, StringComparison.Ordinal);
        Assert.EndsWith("is a symbolic link", below.Failure?.Message, StringComparison.Ordinal);
        Assert.Empty(outside.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task A_link_in_the_files_place_is_replaced_and_not_written_through()
    {
        var victim = Path.Combine(_root.FullName, "victim");
        await File.WriteAllTextAsync(victim, "kept", Site.Token);
        Directory.CreateDirectory(Path.Combine(App, "a"));
        File.CreateSymbolicLink(Path.Combine(App, "a", "0123456789abcdef.eml"), victim);

        await _site.RunAsync("write(\"a\"); next()", WithBody("\r\n", "new"));

        Assert.Equal("kept", await File.ReadAllTextAsync(victim, Site.Token));
        Assert.Equal("\r\nnew", await File.ReadAllTextAsync(Path.Combine(App, "a", "0123456789abcdef.eml"), Site.Token));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_an_error_with_path_and_cause_that_rules_can_catch()
    {
        Directory.CreateDirectory(App);
        await File.WriteAllTextAsync(Path.Combine(App, "a"), "a file", Site.Token);

        var outcome = await _site.RunAsync("let e = \"\"; try { write(\"a\") } catch (error) { e = error; } throw e", Site.Transaction());

        Assert.StartsWith($"Runtime error: write: `{App}/a/0123456789abcdef.eml` cannot be written: ", outcome.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_breaks_off_leaves_no_file()
    {
        var context = WithBody("\r\n", "");
        context.OpenBody = _ => throw new IOException("The store is away.");

        var outcome = await _site.RunAsync("write(\"a\"); next()", context);

        Assert.EndsWith("The store is away.", outcome.Failure?.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(App, "a")));
    }

    [Theory]
    [InlineData("write(\"a\")")]
    [InlineData("ctx().dump(\"a\")")]
    public async Task Before_mail_there_is_nothing_to_name_a_file_by(string call)
    {
        var outcome = await _site.RunAsync($"{call}; next()", Site.Connection(), Stage.Helo);

        Assert.Equal("the field: `message_id` is not defined in the stage `helo`; the first stage that has it is `mail`", outcome.Failure?.Message);
        Assert.False(Directory.Exists(App));
    }

    [Fact]
    public async Task At_mail_what_rules_have_added_is_written()
    {
        var context = Site.Connection();
        (context.MessageId, context.MailAt, context.Sender) = ("id", Site.Now, Mail.Addresses.ReversePath.Null);

        await _site.RunAsync("append_header(\"X\", \"1\"); write(\"a\"); dump(\"a\"); next()", context, Stage.Mail);

        Assert.Equal("X: 1\r\n", await File.ReadAllTextAsync(Path.Combine(App, "a", "id.eml"), Site.Token));
        Assert.True(File.Exists(Path.Combine(App, "a", "id.json")));
    }

    [Fact]
    public async Task Without_a_folder_for_applications_nothing_is_written()
    {
        var site = new Site { Options = _site.Options with { AppDirectory = null } };

        var outcome = await site.RunAsync("write(\"a\"); next()", Site.Transaction());

        Assert.Equal("write: no `app.dirpath` is configured", outcome.Failure?.Message);
    }

    private static RuleContext WithBody(string headers, string body)
    {
        var context = Site.Transaction(headers);
        context.MessageBytes = headers.Length + body.Length;
        context.OpenBody = _ => Task.FromResult<Stream>(new MemoryStream(System.Text.Encoding.ASCII.GetBytes(body)));
        return context;
    }
}
