using System.Text.Json;
using System.Text.RegularExpressions;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Checking;

/// <summary><c>vsmtp check</c> as an operator sees it: what it prints, where, and its exit code.</summary>
public sealed class CheckTests
{
    private const string OneDelegate = """
        import "service" as service;
        #{
            postq: [ delegate service::clamsmtpd "scan" || next() ],
        }
        """;

    private const string Proof = """proof: ["X-Virus-Scanned"],""";

    [Fact]
    public async Task A_good_site_has_nothing_said_of_it()
    {
        using var site = Delegating(OneDelegate);

        var (code, output, error) = await CheckAsync(site);

        Assert.Equal((0, "0 errors, 0 warnings", ""), (code, output, error));
    }

    [Fact]
    public async Task Faults_of_configuration_and_rules_come_at_once_each_with_its_line_and_a_caret()
    {
        using var site = new TestSite("""
            #{
                halo: [],
                rcpt: [ rule "a" || next(] ],
            }
            """, extraToml: """
            [server.smtp]
            rcpt_count_max = "many"
            [server.smtp.eror]
            soft_count = 1
            """);

        var (code, output, error) = await CheckAsync(site);

        Assert.Equal(1, code);
        AssertPoints(error, site, "vsmtp.toml", "rcpt_count_max = \"many\"", "\"many\"", "error: server.smtp.rcpt_count_max");
        AssertPoints(error, site, "vsmtp.toml", "[server.smtp.eror]", "eror", "error: ");
        AssertPoints(error, "main.vsl:3:30: error: ", "    rcpt: [ rule \"a\" || next(] ],", 30);
        Assert.Equal("3 errors, 0 warnings", output);
    }

    [Fact]
    public async Task Faults_of_the_rules_come_at_once()
    {
        using var site = Delegating("""
            import "service" as service;
            #{
                halo: [],
                preq: [ delegate service::clamsmtpd "too early" || next() ],
                postq: [ delegate service::clamsmtpd "cannot; travel" || next() ],
            }
            """);

        var (code, output, error) = await CheckAsync(site);

        Assert.Equal(1, code);
        Assert.Equal("3 errors, 0 warnings", output);
        AssertPoints(error, "main.vsl:3:5: error: there is no stage `halo` (did you mean `helo`?)", "    halo: [],", 5);
        AssertPoints(error, "main.vsl:4:13: error: ", "    preq: [ delegate service::clamsmtpd \"too early\" || next() ],", 13);
        Assert.Contains("or delegate from `postq` on", error);
        AssertPoints(error, "main.vsl:5:14: error: ", "    postq: [ delegate service::clamsmtpd \"cannot; travel\" || next() ],", 14);
        Assert.Contains("the name travels in a header", error);
    }

    [Fact]
    public async Task A_receiver_that_nothing_listens_on_is_an_error_at_the_service()
    {
        using var site = Delegating(OneDelegate);
        site.Write("service.vsl", $$"""
            service clamsmtpd smtp = #{ delegator: #{ address: "127.0.0.1:{{site.ServicePort}}" }, receiver: "127.0.0.1:{{site.RelayPort}}", {{Proof}} };
            """);

        var (code, output, error) = await CheckAsync(site);

        Assert.Equal(1, code);
        Assert.Equal("1 error, 0 warnings", output);
        Assert.Contains($"service.vsl:1:1: error: service `clamsmtpd`: nothing listens on its receiver 127.0.0.1:{site.RelayPort}", error);
        Assert.Contains("\n  service clamsmtpd smtp = #{", error);
    }

    [Fact]
    public async Task A_delegator_that_is_our_own_receiver_is_an_error_at_the_service()
    {
        using var site = Delegating(OneDelegate);
        site.Write("service.vsl", $$"""
            service clamsmtpd smtp = #{ delegator: #{ address: "localhost:{{site.ReceiverPort}}" }, receiver: "127.0.0.1:{{site.ReceiverPort}}", {{Proof}} };
            """);

        var (code, _, error) = await CheckAsync(site);

        Assert.Equal(1, code);
        Assert.Contains($"service.vsl:1:1: error: service `clamsmtpd`: its delegator localhost:{site.ReceiverPort} is this server itself", error);
    }

    [Fact]
    public async Task A_service_without_proof_is_warned_of()
    {
        using var site = Delegating(OneDelegate, keys: "");

        var (code, output, error) = await CheckAsync(site);

        Assert.Equal((0, "0 errors, 1 warning"), (code, output));
        AssertPoints(error, "service.vsl:1:1: warning: service `clamsmtpd` has no `proof`", "service clamsmtpd smtp = #{", 1);
    }

    [Fact]
    public async Task A_PostgreSQL_store_is_in_effect_and_its_password_stays_unsaid()
    {
        using var site = new TestSite(extraToml: """
            [server.storage]
            url = "postgres://mail:secret@db.example.com/mail"
            """);

        var (code, output, error) = await CheckAsync(site);

        Assert.Equal((0, "0 errors, 0 warnings"), (code, output));
        Assert.DoesNotContain("secret", error);
    }

    [Fact]
    public async Task Keys_that_are_not_heeded_yet_are_listed_with_their_places()
    {
        using var site = new TestSite(extraToml: """
            [server.cluster]
            silo_port = 11111
            """);

        var (code, output, error) = await CheckAsync(site);

        Assert.Equal((0, "0 errors, 1 warning"), (code, output));
        AssertPoints(error, site, "vsmtp.toml", "[server.cluster]", "cluster", "warning: server.cluster is not yet in effect");
    }

    [Theory]
    [InlineData("check")]
    [InlineData("serve")]
    public async Task A_file_that_is_not_there_is_named(string command)
    {
        using var site = new TestSite();
        var missing = Path.Combine(site.Folder, "nowhere.toml");

        var (code, _, error) = await ServerProcess.RunAsync(command, "-c", missing);

        Assert.Equal(1, code);
        Assert.StartsWith($"{missing}: error: the file cannot be read: ", error);
    }

    [Fact]
    public async Task Serve_refuses_what_check_refuses_and_says_the_same()
    {
        using var site = Delegating("#{ halo: [] }");

        var (_, _, checkedError) = await ServerProcess.RunAsync("check", "-c", site.ConfigFile);
        var (code, output, error) = await ServerProcess.RunAsync("serve", "-c", site.ConfigFile);

        Assert.Contains("there is no stage `halo`", error);
        Assert.Equal((1, "", checkedError), (code, output, error));
    }

    [Fact]
    public async Task Strict_takes_what_would_fail_when_it_runs_for_an_error()
    {
        using var site = new TestSite("""
            #{ mail: [
                rule "a" || { dny() },
                rule "b" || { let unused = 1; next() },
            ] }
            """);

        var (code, output, error) = await CheckAsync(site);
        var (strictCode, strictOutput, strictError) = await CheckAsync(site, "--strict");

        Assert.Equal((0, "0 errors, 2 warnings"), (code, output));
        AssertPoints(error, "main.vsl:2:19: warning: Function not found: dny; did you mean 'deny'? [VSL0402]", "    rule \"a\" || { dny() },", 19);
        Assert.Equal((1, "1 error, 1 warning"), (strictCode, strictOutput));
        Assert.Equal(error.Replace("main.vsl:2:19: warning: ", "main.vsl:2:19: error: "), strictError);
    }

    [Fact]
    public async Task Findings_come_as_json_for_editors()
    {
        using var site = new TestSite("""
            let seen = 1;
            #{ mail: [ rule "a" || { if seen == 1 { deny() } else { next() } } ],
               halo: [] }
            """, extraToml: """
            [server.smtp]
            rcpt_count_max = "many"
            """);

        var (code, output, error) = await ServerProcess.RunAsync("check", "--json", "-c", site.ConfigFile);

        Assert.Equal((1, ""), (code, error));
        var found = JsonDocument.Parse(output).RootElement.EnumerateArray().ToList();
        var toml = Assert.Single(found, f => f.GetProperty("message").GetString()!.Contains("rcpt_count_max"));
        Assert.Equal((site.ConfigFile, "error", "CFG0001"), (Text(toml, "file"), Text(toml, "severity"), Text(toml, "code")));
        var stage = Assert.Single(found, f => Text(f, "code") == "VSL0602");
        Assert.Equal((Path.Combine(site.Folder, "main.vsl"), "error", "there is no stage `halo` (did you mean `helo`?)"),
            (Text(stage, "file"), Text(stage, "severity"), Text(stage, "message")));
        Assert.Equal([3, 4, 3, 8], Places(stage));
        var variable = Assert.Single(found, f => Text(f, "code") == "VSL0401");
        Assert.Equal([2, 29, 2, 33], Places(variable));
        Assert.Equal([1, 5, 1, 9], Places(variable.GetProperty("notes")[1]));
        Assert.Equal("note", Text(variable.GetProperty("notes")[1], "severity"));

        static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

        static int[] Places(JsonElement element) =>
            [.. new[] { "line", "column", "endLine", "endColumn" }.Select(name => element.GetProperty(name).GetInt32())];
    }

    [Theory]
    [InlineData("chekc")]
    [InlineData("check", "--nonsense")]
    [InlineData("check", "--set", "no-pair")]
    [InlineData("serve", "--role", "cook")]
    [InlineData("queue", "show")]
    public async Task A_wrong_command_line_is_exit_code_2_with_words(params string[] arguments)
    {
        var (code, _, error) = await ServerProcess.RunAsync(arguments);

        Assert.Equal(2, code);
        Assert.NotEqual("", error.Trim());
    }

    private static TestSite Delegating(string rules, string keys = Proof)
    {
        var site = new TestSite(rules);
        site.WriteService(keys);
        return site;
    }

    /// <summary>What is said of the site. That the machine lacks the user and group vsmtp is said of the machine, and left out.</summary>
    private static async Task<(int Code, string Output, string Error)> CheckAsync(TestSite site, params string[] options)
    {
        var (code, output, error) = await ServerProcess.RunAsync(["check", "-c", site.ConfigFile, .. options]);
        var lines = error.TrimEnd().Split('\n');
        var said = lines.Where(line => !line.Contains("warning: this machine does not have the ", StringComparison.Ordinal)).ToArray();
        var counts = Regex.Match(output, @"^(\d+ errors?), (\d+) warnings?\n$");
        Assert.True(counts.Success, output);
        var warnings = int.Parse(counts.Groups[2].Value) - (lines.Length - said.Length);
        return (code, $"{counts.Groups[1]}, {warnings} warning{(warnings == 1 ? "" : "s")}", string.Join('\n', said));
    }

    /// <summary>A message, below it the line that it is about, below that a caret under the column.</summary>
    private static void AssertPoints(string error, string message, string line, int column)
    {
        var lines = error.Split('\n');
        var at = Array.FindIndex(lines, l => l.StartsWith(message, StringComparison.Ordinal));
        Assert.True(at >= 0, $"No '{message}' in{Environment.NewLine}{error}");
        var indent = lines[at + 1].IndexOf(line, StringComparison.Ordinal);
        Assert.True(indent >= 0, $"No '{line}' below the message in{Environment.NewLine}{error}");
        Assert.Equal(indent + column - 1, lines[at + 2].IndexOf('^', StringComparison.Ordinal));
    }

    /// <summary>The same for a file that is named as it was given, at the place where its line has that part.</summary>
    private static void AssertPoints(string error, TestSite site, string file, string line, string part, string message)
    {
        var path = Path.Combine(site.Folder, file);
        var number = Array.FindIndex(File.ReadAllLines(path), l => l.Trim() == line) + 1;
        var column = line.IndexOf(part, StringComparison.Ordinal) + 1;
        AssertPoints(error, $"{path}:{number}:{column}: {message}", line, column);
    }
}
