using System.Runtime.Versioning;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Tests.Services;

/// <summary>Services of kind <c>cmd</c>, with real programs.</summary>
[SupportedOSPlatform("linux")]
public sealed class CommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vsmtp-cmd-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("s::it.cmd_run([\"-c\", \"exit 0\"])", "exit status: 0")]
    [InlineData("s::it.run([\"-c\", \"exit 200\"])", "exit status: 200")]
    [InlineData("s::it.run()", "exit status: 3")]
    [InlineData("cmd_run(s::it)", "exit status: 3")]
    [InlineData("sys::run(s::it)", "exit status: 3")]
    [InlineData("s::it.run().code", "3")]
    [InlineData("s::it.run().code()", "3")]
    [InlineData("s::it.run().has_code", "true")]
    [InlineData("s::it.run().has_signal", "false")]
    [InlineData("s::it.run()[\"code\"]", "3")]
    [InlineData("s::it.run()[\"signal\"]", "()")]
    [InlineData("\"code\" in s::it.run()", "true")]
    [InlineData("s::it.run().signal", "error: the command has no signal: it ended with exit code 3")]
    [InlineData("s::it.run([\"-c\", \"kill -9 $$\"])", "signal: 9")]
    [InlineData("s::it.run([\"-c\", \"kill -15 $$\"]).signal", "15")]
    [InlineData("s::it.run([\"-c\", \"kill -9 $$\"]).has_code", "false")]
    [InlineData("\"signal\" in s::it.run([\"-c\", \"kill -9 $$\"])", "true")]
    [InlineData("s::it.run([\"-c\", \"kill -9 $$\"]).code", "error: the command has no exit code: it was ended by signal 9")]
    [InlineData("s::it.run([1])", "error: an array of strings is needed, and this one holds a value of type i64")]
    [InlineData("s::it.run(\"-c\")", "error: an array of strings is needed, not a value of type string")]
    [InlineData("s::it.run([\"-c\", \"a\\x00b\"])", "error: an argument of a command cannot hold NUL")]
    [InlineData("s::it.get(\"x\")", "error: `get` needs a service of kind db:csv, and `it` is of kind cmd")]
    [InlineData("s::it", "cmd")]
    [InlineData("s::it.to_string()", "\"cmd\"")]
    public async Task A_command_gives_how_it_ended(string expression, string result) =>
        Assert.Equal(result, await new ServiceSite("cmd = #{ command: \"sh\", timeout: \"60s\", args: [\"-c\", \"exit 3\"] }").EvalAsync(expression));

    [Theory]
    [InlineData("", false)]
    [InlineData("user: \"daemon\"", false)]
    [InlineData("user: \"1\"", false)]
    [InlineData("user: \"root\"", true)]
    [InlineData("user: \"no-such-account-here\"", true)]
    [InlineData("group: \"daemon\"", true)]
    [InlineData("user: \"daemon\", group: \"daemon\"", true)]
    public async Task A_command_of_another_user_needs_a_server_that_stays_root(string key, bool isFault)
    {
        var script = Path.Combine(_folder.FullName, "main.vsl");
        await File.WriteAllTextAsync(script, $"service x cmd = #{{ command: \"ls\", timeout: \"1s\", {key} }};\n#{{}}", Site.Token);
        var options = new Site().Options;
        Assert.NotNull((await RuleSetLoader.LoadAsync(script, options, Site.Token)).Set);
        var demoted = await RuleSetLoader.LoadAsync(script, options with { RunsAs = "daemon" }, Site.Token);
        Assert.Equal(isFault, demoted.Set is null);
        if (isFault) Assert.Contains("`user` and `group` need a server that stays root, and this one runs as daemon", Assert.Single(demoted.Diagnostics).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arguments_are_a_list_and_no_shell_reads_them()
    {
        var file = Path.Combine(_folder.FullName, "said");
        var site = new ServiceSite($"cmd = #{{ command: \"sh\", timeout: \"60s\", args: [\"-c\", `printf '<%s>' \"$@\" > {file}`, \"sh\", 5, true] }}");
        Assert.Equal("exit status: 0", await site.EvalAsync("s::it.run()"));
        Assert.Equal("<5><true>", await File.ReadAllTextAsync(file, Site.Token));

        Assert.Equal("exit status: 0", await site.EvalAsync(
            $$"""s::it.run(["-c", "printf '<%s>' \"$@\" > {{file}}", "sh", "$(id); `id` > x", "a b", "", "-rf", mail_from()])"""));
        Assert.Equal("<$(id); `id` > x><a b><><-rf><john.doe@example.com>", await File.ReadAllTextAsync(file, Site.Token));
    }

    [Fact]
    public async Task A_command_sees_no_secret_no_file_and_no_input_of_the_server()
    {
        Environment.SetEnvironmentVariable("VSMTP_STORAGE_URL", "postgres://mta:secret@db/mail");
        var file = Path.Combine(_folder.FullName, "seen");
        await using var open = File.OpenWrite(Path.Combine(_folder.FullName, "open"));
        var site = new ServiceSite("cmd = #{ command: \"sh\", timeout: \"60s\" }");

        var script = $"(env; echo; ls -l /proc/self/fd; echo; cat; echo; grep -E 'SigIgn|SigBlk' /proc/self/status; ps -o sid=,pid= -p $$) > {file} 2>&1";
        Assert.Equal("exit status: 0", await site.EvalAsync($"s::it.run([\"-c\", `{script}`])"));

        var parts = (await File.ReadAllTextAsync(file, Site.Token)).Split("\n\n");
        string[] known = ["PATH", "LANG", "LC_ALL", "TZ", "HOME", "USER", "LOGNAME", "PWD", "OLDPWD", "SHLVL", "_"];
        Assert.Subset(known.ToHashSet(), parts[0].Split('\n').Select(line => line.Split('=')[0]).ToHashSet());
        // 0, 1 and 2, and the folder that ls reads.
        var files = parts[1].Split('\n').Where(line => line.Contains("->", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, files.Count);
        Assert.EndsWith("0 -> /dev/null", files[0], StringComparison.Ordinal);
        var rest = parts[^1].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(["SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000"], rest[..2]);
        var ids = rest[2].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(ids[0], ids[1]);
    }

    [Fact]
    public async Task Time_out_kills_the_command_and_all_that_it_has_started()
    {
        var file = Path.Combine(_folder.FullName, "ids");
        // One child in the group, one in a session of its own, each with its number in the file.
        var script = $"sleep 1000 & echo $! >> {file}; setsid sh -c 'echo $$ >> {file}; sleep 1000; true' & while [ $(wc -l < {file}) != 2 ]; do :; done; touch {file}.ready; wait";
        var site = new ServiceSite("cmd = #{ command: \"sh\", timeout: \"3s\" }");

        Assert.Equal("signal: 9", await site.EvalAsync($"s::it.run([\"-c\", `{script}`])"));

        Assert.True(File.Exists($"{file}.ready"), "The machine was too slow for the command to start its children.");
        foreach (var id in await File.ReadAllLinesAsync(file, Site.Token)) await EndsAsync(int.Parse(id));
    }

    [Fact]
    public async Task What_a_command_leaves_running_ends_with_it()
    {
        var file = Path.Combine(_folder.FullName, "id");
        var site = new ServiceSite("cmd = #{ command: \"sh\", timeout: \"60s\" }");

        Assert.Equal("exit status: 0", await site.EvalAsync($"s::it.run([\"-c\", `sleep 1000 & echo $! > {file}`])"));

        await EndsAsync(int.Parse(await File.ReadAllTextAsync(file, Site.Token)));
    }

    [Fact]
    public async Task The_time_of_the_run_ends_a_command_too()
    {
        var limits = BudgetLimits.Default with { MaxTime = TimeSpan.FromSeconds(1) };
        var site = new ServiceSite("cmd = #{ command: \"sleep\", timeout: \"1000s\", args: [\"1000\"] }", new Site { Limits = limits });

        Assert.Equal("error: Script ran too long: more than 1 s", await site.EvalAsync("s::it.run()"));
    }

    [Fact]
    public async Task A_cancelled_run_kills_its_command()
    {
        var file = Path.Combine(_folder.FullName, "id");
        var site = new Site();
        var set = await new ServiceSite("cmd = #{ command: \"sh\", timeout: \"1000s\" }", site).LoadAsync($"s::it.run([\"-c\", `echo $$ > {file}.new; mv {file}.new {file}; exec sleep 1000`])");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Site.Token);
        var run = site.Engine.RunAsync(set, Stage.Postq, Site.Transaction(), stop.Token).AsTask();
        while (!File.Exists(file)) await Task.Delay(10, Site.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await EndsAsync(int.Parse(await File.ReadAllTextAsync(file, Site.Token)));
    }

    [Fact]
    public async Task Output_goes_to_the_log_bounded_and_on_one_line()
    {
        var log = new ListLog();
        var site = new ServiceSite("cmd = #{ command: \"sh\", timeout: \"60s\" }");
        var set = await site.LoadAsync("s::it.run([\"-c\", \"echo one; echo two >&2; yes | head -c 3000000; exit 1\"])");

        Assert.Equal("exit status: 1", await site.RunAsync(set, log: log));

        var line = Assert.Single(log.Lines, line => line.Level is RuleLogLevel.Debug).Text;
        Assert.StartsWith("service `it`, exit status: 1: one two y y y", line, StringComparison.Ordinal);
        Assert.InRange(line.Length, 1000, 5000);
    }

    [Theory]
    [InlineData("command: \"/no/such/program\"", "`/no/such/program` cannot be started: No such file or directory")]
    [InlineData("command: \"no-such-program\"", "`no-such-program` cannot be started: there is no such program in PATH")]
    [InlineData("command: \"/etc\"", "`/etc` cannot be started: Permission denied")]
    [InlineData("command: \"true\", user: \"nobody-here\"", "user not found: 'nobody-here'")]
    [InlineData("command: \"true\", group: \"nobody-here\"", "group not found: 'nobody-here'")]
    public async Task A_command_that_cannot_run_is_an_error(string options, string message) =>
        Assert.Equal($"error: service `it`: {message}", await new ServiceSite($"cmd = #{{ {options}, timeout: \"60s\" }}").EvalAsync("s::it.run()"));

    [Theory]
    [InlineData("user: \"nobody\"", "65534 65534 65534")]
    [InlineData("user: \"nobody\", group: \"daemon\"", "65534 1 1 65534")]
    [InlineData("group: \"daemon\"", "0 1 1")]
    [InlineData("user: \"65534\"", "65534 65534 65534")]
    [InlineData("user: \"54321\"", "54321 54321 54321")]
    public async Task A_command_runs_as_another_user(string options, string who)
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root can run a command as another user.");
        var log = new ListLog();
        var site = new ServiceSite($"cmd = #{{ command: \"sh\", timeout: \"60s\", args: [\"-c\", \"id -u; id -g; id -G; exit 4\"], {options} }}");

        Assert.Equal("exit status: 4", await site.RunAsync(await site.LoadAsync("s::it.run()"), log: log));

        Assert.Equal($"service `it`, exit status: 4: {who}", Assert.Single(log.Lines, line => line.Level is RuleLogLevel.Debug).Text);
    }

    [Fact]
    public async Task A_program_that_the_other_user_cannot_start_is_an_error()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root can run a command as another user.");
        var program = Path.Combine(_folder.FullName, "program");
        await File.WriteAllTextAsync(program, "#!/no/such/interpreter\n", Site.Token);
        File.SetUnixFileMode(program, (UnixFileMode)493);

        var result = await new ServiceSite($"cmd = #{{ command: \"{program}\", timeout: \"60s\", user: \"nobody\" }}").EvalAsync("s::it.run()");

        Assert.StartsWith("error: service `it`: setpriv: ", result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_so_many_commands_of_a_service_run_at_once()
    {
        var trace = Path.Combine(_folder.FullName, "trace");
        var site = new ServiceSite($"cmd = #{{ command: \"sh\", timeout: \"60s\", max_in_flight: 2, args: [\"-c\", \"echo + >> {trace}; sleep 0.2; echo - >> {trace}\"] }}");
        var set = await site.LoadAsync("s::it.run()");

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => site.RunAsync(set)));

        Assert.All(results, result => Assert.Equal("exit status: 0", result));
        var (running, most) = (0, 0);
        foreach (var line in await File.ReadAllLinesAsync(trace, Site.Token)) most = Math.Max(most, running += line == "+" ? 1 : -1);
        Assert.Equal(2, most);
    }

    [Fact]
    public async Task Many_commands_hold_no_thread()
    {
        const int Count = 100;
        var (trace, go) = (Path.Combine(_folder.FullName, "trace"), Path.Combine(_folder.FullName, "go"));
        var site = new ServiceSite($"cmd = #{{ command: \"sh\", timeout: \"60s\", max_in_flight: {Count}, args: [\"-c\", \"echo + >> {trace}; while [ ! -e {go} ]; do sleep 0.5; done\"] }}");
        var set = await site.LoadAsync("s::it.run()");

        var runs = Task.WhenAll(Enumerable.Range(0, Count).Select(_ => site.RunAsync(set)));
        while (!File.Exists(trace) || (await File.ReadAllLinesAsync(trace, Site.Token)).Length < Count) await Task.Delay(50, Site.Token);
        var threads = ThreadPool.ThreadCount;
        await File.WriteAllTextAsync(go, "", Site.Token);

        Assert.All(await runs, result => Assert.Equal("exit status: 0", result));
        Assert.InRange(threads, 0, Count / 2);
    }

    [Fact]
    public async Task A_command_is_not_run_while_rules_are_loaded()
    {
        var errors = await new Site().FindAsync(DiagnosticSeverity.Error, "service it cmd = #{ command: \"true\", timeout: \"1s\" };\nit.run();\n#{}");

        Assert.Contains("`run` is called while the rules are loaded", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_is_declared_at_the_top_level() => Assert.Equal(
        "error: service `x`: declare services of kind cmd at the top level of a file",
        await new Site().EvalAsync("service x cmd = #{ command: \"true\", timeout: \"1s\" }; x"));

    /// <summary>A killed process may be a zombie of init's for a moment, which is as good as gone.</summary>
    /// <summary>It is killed by now; how long the kernel takes over the rest is its own affair.</summary>
    private static async Task EndsAsync(int id)
    {
        for (var left = 1000; await RunsAsync(id); left--)
        {
            Assert.True(left > 0, $"{id} runs on");
            await Task.Delay(10, Site.Token);
        }
    }

    private static async Task<bool> RunsAsync(int id)
    {
        try
        {
            var stat = await File.ReadAllTextAsync($"/proc/{id}/stat", Site.Token);
            return stat[(stat.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
