using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using Vsmtp.Rules.Services.Csv;

namespace Vsmtp.Rules.Tests.Services;

/// <summary>Services of kind <c>db:csv</c>.</summary>
[SupportedOSPlatform("linux")]
public sealed class CsvTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vsmtp-csv-");
    private readonly string _path;

    public CsvTests() => _path = Path.Combine(_folder.FullName, "users.csv");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("s::it.get(\"green\")", "[\"green\", \"green@example.com\", \"\"]")]
    [InlineData("s::it.db_query(\"blue\")", "[\"blue\", \"first\"]")]
    [InlineData("s::it.get(\"first\")", "[]")]
    [InlineData("s::it.get(\"gre\")", "[]")]
    [InlineData("s::it.get(\"with, comma\")", "[\"with, comma\", \"a \\\"quote\\\"\", \"two\\nlines\"]")]
    [InlineData("s::it.get(\"spaced\")", "[\"spaced\", \"out\"]")]
    [InlineData("s::it.get(mail_from())", "[\"john.doe@example.com\", \"7\"]")]
    [InlineData("s::it.get(\"last\")", "[\"last\", \"without line end\"]")]
    [InlineData("db_query(s::it, \"last\").len()", "2")]
    [InlineData("sys::get(s::it, \"last\").len()", "2")]
    [InlineData("s::it.get(5)", "error: invalid type conversion expected a string or an object, got i64")]
    [InlineData("s::it.run()", "error: `run` needs a service of kind cmd, and `it` is of kind db:csv")]
    [InlineData("s::it.query(\"select 1\")", "error: `query` needs a service of kind db:sqlite or db:postgres, and `it` is of kind db:csv")]
    [InlineData("s::it.to_string()", "\"csv-database\"")]
    [InlineData("#{ get: |k| k }.get(\"x\")", "\"x\"")]
    [InlineData("[1, 2].get(1)", "2")]
    public async Task Records_are_looked_up_by_their_first_field(string expression, string result)
    {
        await File.WriteAllTextAsync(
            _path,
            "green,green@example.com,\r\nblue,first\nblue,second\n\n\"with, comma\",\"a \"\"quote\"\"\",\"two\nlines\"\n  spaced ,  out  \njohn.doe@example.com,7\nlast,without line end",
            Test.Token);

        Assert.Equal(result, await Of("O_RDWR").EvalAsync(expression));
    }

    [Fact]
    public async Task Every_look_up_sees_the_whole_file()
    {
        await WriteAsync("a,1", "b,2");
        Assert.Equal("[[\"b\", \"2\"], [\"a\", \"1\"], [\"b\", \"2\"]]", await Of().EvalAsync("[s::it.get(\"b\"), s::it.get(\"a\"), s::it.get(\"b\")]"));
    }

    [Theory]
    [InlineData("always", "[\"a\", \"2\"]")]
    [InlineData("no", "[\"a\", \"1\"]")]
    public async Task What_others_change_is_seen_if_the_service_refreshes(string refresh, string then)
    {
        await WriteAsync("a,1");
        var site = Of(refresh: refresh);
        var set = await site.LoadAsync("s::it.get(\"a\")");
        Assert.Equal("[\"a\", \"1\"]", await site.RunAsync(set));
        // As long as before, and at once.
        await WriteAsync("a,2");
        Assert.Equal(then, await site.RunAsync(set));
        // Another file in its place, with the times of the first.
        await File.WriteAllTextAsync(_path + ".other", "a,3\n", Test.Token);
        File.SetLastWriteTimeUtc(_path + ".other", File.GetLastWriteTimeUtc(_path));
        File.Move(_path + ".other", _path, overwrite: true);
        Assert.Equal(then.Replace('2', '3'), await site.RunAsync(set));
    }

    [Fact]
    public async Task Records_are_added_so_that_they_are_read_as_they_were()
    {
        await File.WriteAllTextAsync(_path, "no line end", Test.Token);
        string[] fields = ["key", "", " blanks ", "a,b", "say \"hi\"", "two\r\nlines", "ü", "\uFEFF"];
        var array = $"[{string.Join(", ", fields.Select(field => $"\"{field.Replace("\"", "\\\"").Replace("\r", "\\r").Replace("\n", "\\n")}\""))}]";
        var site = Of();

        Assert.Equal("true", await site.EvalAsync($"s::it.set({array}); s::it.set([\"n\", 5, true]); s::it.get(\"key\") == {array}"));
        Assert.Equal("true", await site.EvalAsync($"s::it.get(\"key\") == {array}"));
        Assert.Equal("[\"n\", \"5\", \"true\"]", await site.EvalAsync("s::it.get(\"n\")"));
        Assert.StartsWith("no line end\nkey,\"\",\" blanks \",\"a,b\",", await File.ReadAllTextAsync(_path, Test.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_was_added_does_not_hide_the_first_of_its_key()
    {
        await WriteAsync("a,1");
        Assert.Equal("[\"a\", \"1\"]", await Of().EvalAsync("s::it.get(\"a\"); s::it.db_add([\"a\", \"2\"]); s::it.get(\"a\")"));
    }

    [Fact]
    public async Task Records_with_that_first_field_are_removed_and_no_others()
    {
        await File.WriteAllTextAsync(_path, "ab,1\n\"a\",2\n ab , \"x\"\"y\"\n\na,\"3\nab\"\nabc,4\r\n", Test.Token);
        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        Assert.Equal("2", await Of().EvalAsync("s::it.rm(\"a\")"));

        Assert.Equal("ab,1\n ab , \"x\"\"y\"\n\nabc,4\r\n", await File.ReadAllTextAsync(_path, Test.Token));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead, File.GetUnixFileMode(_path));
        Assert.Equal("0", await Of().EvalAsync("s::it.db_rm(\"nobody\")"));
        Assert.Equal([_path], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public async Task The_owner_stays_and_a_link_stays_a_link()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root can give files away.");
        await WriteAsync("a,1", "b,2");
        using (var chown = Process.Start("chown", ["daemon:nogroup", _path])) await chown.WaitForExitAsync(Test.Token);
        var link = Path.Combine(_folder.FullName, "link.csv");
        File.CreateSymbolicLink(link, "users.csv");

        Assert.Equal("1", await Of(path: link).EvalAsync("s::it.rm(\"a\")"));

        Assert.Equal("users.csv", new FileInfo(link).LinkTarget);
        Assert.Equal("b,2\n", await File.ReadAllTextAsync(_path, Test.Token));
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%U:%G", _path]) { RedirectStandardOutput = true })!;
        Assert.Equal("daemon:nogroup\n", await stat.StandardOutput.ReadToEndAsync(Test.Token));
    }

    [Theory]
    [InlineData("O_RDONLY", "s::it.set([\"a\"])", "service `it` is opened for reading only")]
    [InlineData("O_RDONLY", "s::it.rm(\"a\")", "to remove records it must be opened with O_RDWR")]
    [InlineData("O_WRONLY", "s::it.rm(\"a\")", "to remove records it must be opened with O_RDWR")]
    [InlineData("O_WRONLY", "s::it.get(\"a\")", "service `it` is opened for writing only")]
    [InlineData("O_RDWR", "s::it.set([])", "a record has at least one field")]
    [InlineData("O_RDWR", "s::it.set([()])", "an array of strings is needed, and this one holds a value of type ()")]
    [InlineData("O_RDWR", "let x = \"x\"; x.pad(70000, 'x'); s::it.set([x])", "a record has at most 65536 characters")]
    public async Task What_is_not_allowed_is_an_error(string access, string expression, string message)
    {
        await WriteAsync("a,1");

        Assert.Contains(message, await Of(access).EvalAsync(expression), StringComparison.Ordinal);
        Assert.Equal("a,1\n", await File.ReadAllTextAsync(_path, Test.Token));
    }

    [Fact]
    public async Task A_file_whose_quotes_do_not_end_is_not_rewritten()
    {
        await File.WriteAllTextAsync(_path, "a,1\nb,\"2\nc,3\n", Test.Token);

        Assert.Contains("the quotes of its last record do not end", await Of().EvalAsync("s::it.rm(\"a\")"), StringComparison.Ordinal);
        Assert.Equal("a,1\nb,\"2\nc,3\n", await File.ReadAllTextAsync(_path, Test.Token));
    }

    [Fact]
    public async Task A_file_that_is_no_text_is_not_rewritten()
    {
        byte[] bytes = [.. "a,1\nb,"u8, 0xFF, 0xFE, (byte)'\n'];
        await File.WriteAllBytesAsync(_path, bytes, Test.Token);

        Assert.StartsWith("error: service `it`: ", await Of().EvalAsync("s::it.rm(\"a\")"), StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_path, Test.Token));
        Assert.Equal("[\"a\", \"1\"]", await Of().EvalAsync("s::it.get(\"a\")"));
    }

    [Fact]
    public async Task A_file_that_has_gone_is_an_error_of_the_script()
    {
        var site = Of();
        await WriteAsync("a,1");
        var set = await site.LoadAsync("s::it.get(\"a\")");
        File.Delete(_path);

        Assert.StartsWith("error: service `it`: Could not find file", await site.RunAsync(set), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_told_at_the_start()
    {
        var main = Path.Combine(_folder.FullName, "main.vsl");
        await File.WriteAllTextAsync(main, $"service db db:csv = #{{ connector: \"{_path}\", access: \"O_RDWR\", refresh: \"always\", delimiter: ',' }};\n#{{}}", Test.Token);

        var result = await RuleSetLoader.LoadAsync(main, new Site().Options, Test.Token);

        Assert.StartsWith($"main.vsl:1:1: error: `connector` of service `db`: failed to open `{_path}`: ", Assert.Single(result.Diagnostics).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_delimiter_may_be_any_character()
    {
        await File.WriteAllTextAsync(_path, "a😀1,2\n", Test.Token);
        Assert.Equal("[\"a\", \"1,2\"]", await Of(delimiter: "😀").EvalAsync("s::it.get(\"a\")"));
        Assert.Equal("[\"b\", \"x😀y\"]", await Of(delimiter: "😀").EvalAsync("s::it.set([\"b\", \"x😀y\"]); s::it.get(\"b\")"));
    }

    [Fact]
    public async Task Many_readers_and_writers_lose_nothing()
    {
        await WriteAsync("keep,1");
        // Two services on one file are as two processes: nothing but the file's lock is between them.
        var (one, two) = (Of(), Of());
        const string Script = "let k = helo(); if s::it.get(\"keep\") != [\"keep\", \"1\"] { throw \"lost\" } s::it.set([k, \"v\"]); if s::it.get(k) != [k, \"v\"] { throw \"not found\" } "
            + "s::it.set([`${k}.gone`, \"v\"]); if s::it.rm(`${k}.gone`) != 1 { throw \"not removed\" } s::it.get(`${k}.gone`).len()";
        var (setOne, setTwo) = (await one.LoadAsync(Script), await two.LoadAsync(Script));

        var results = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => i % 2 == 0 ? one.RunAsync(setOne, $"h{i}") : two.RunAsync(setTwo, $"h{i}"))));

        Assert.All(results, result => Assert.Equal("0", result));
        var lines = await File.ReadAllLinesAsync(_path, Test.Token);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"h{i},v").Append("keep,1").Order(), lines.Order());
    }

    [Fact]
    public async Task Another_process_that_has_the_lock_is_waited_for()
    {
        await WriteAsync("a,1");
        var (held, go) = (Path.Combine(_folder.FullName, "held"), Path.Combine(_folder.FullName, "go"));
        using var other = Process.Start("flock", [_path, "sh", "-c", $"touch {held}; while [ ! -e {go} ]; do sleep 0.05; done; echo b,2 >> {_path}"]);
        while (!File.Exists(held)) await Task.Delay(10, Test.Token);

        var adding = Of().EvalAsync("s::it.set([\"c\", \"3\"]); s::it.get(\"b\")");
        await File.WriteAllTextAsync(go, "", Test.Token);

        Assert.Equal("[\"b\", \"2\"]", await adding);
        Assert.Equal("a,1\nb,2\nc,3\n", await File.ReadAllTextAsync(_path, Test.Token));
        await other.WaitForExitAsync(Test.Token);
    }

    [Fact]
    public async Task A_lock_that_is_never_given_back_is_an_error()
    {
        await WriteAsync("a,1");
        var held = Path.Combine(_folder.FullName, "held");
        using var other = Process.Start("flock", [_path, "sh", "-c", $"touch {held}; exec sleep 1000"]);
        while (!File.Exists(held)) await Task.Delay(10, Test.Token);
        var site = new ServiceSite(
            Service("O_RDWR", "always", ",", _path), new Site { Limits = Vsmtp.Vsl.BudgetLimits.Default with { MaxTime = TimeSpan.FromSeconds(30) } });

        Assert.Equal($"error: service `it`: `{_path}` is locked by somebody else", await site.EvalAsync("s::it.set([\"c\"])"));

        other.Kill(entireProcessTree: true);
    }

    /// <summary>Against a plain reader of RFC 4180: what was written is read again.</summary>
    [Fact]
    public void Any_fields_are_read_as_they_were_written()
    {
        var random = new Random(4180);
        const string Alphabet = "ab\",; \t\r\n\uFEFFü";
        for (var round = 0; round < 5000; round++)
        {
            var records = Enumerable.Range(0, random.Next(1, 4))
                .Select(_ => Enumerable.Range(0, random.Next(1, 4)).Select(_ => string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => Alphabet[random.Next(Alphabet.Length)]))).ToArray()).ToList();
            var text = new StringBuilder();
            foreach (var record in records) text.Append(CsvText.Write(record, ","));

            var read = CsvText.Read(text.ToString(), ",").ToList();

            Assert.Equal(records, read.Select(record => record.Fields));
            Assert.All(read, record => Assert.True(record.IsWhole));
            Assert.Equal(text.Length, read[^1].End);
        }
    }

    private ServiceSite Of(string access = "O_RDWR", string refresh = "always", string delimiter = ",", string? path = null) =>
        new(Service(access, refresh, delimiter, path ?? _path));

    private static string Service(string access, string refresh, string delimiter, string path) =>
        $"db:csv = #{{ connector: \"{path}\", access: \"{access}\", refresh: \"{refresh}\", delimiter: '{delimiter}' }}";

    private Task WriteAsync(params string[] lines) => File.WriteAllTextAsync(_path, string.Concat(lines.Select(line => line + "\n")), Test.Token);

    private static class Test
    {
        public static CancellationToken Token => TestContext.Current.CancellationToken;
    }
}
