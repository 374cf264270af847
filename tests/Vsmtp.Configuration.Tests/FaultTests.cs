namespace Vsmtp.Configuration.Tests;

public sealed class FaultTests
{
    [Fact]
    public void All_faults_are_told_at_once_in_the_order_of_the_file()
    {
        var result = Reading.Of("""
            version_requirment = "1"
            [server]
            domian = "x y"
            client_count_max = "many"
            domain = "mail.example.org

            [server.smtp]
            rcpt_count_max = 0
            rcpt_count_max = 7
            [app]
            dirpath = 5
            [app.vsl
            filepath = "main.vsl"
            [server]
            """);
        Assert.Null(result.Configuration);
        Assert.Equal(
            [
                "1:1: unknown key 'version_requirment'; did you mean 'version_requirement'?",
                "3:1: unknown key 'server.domian'; did you mean 'domain'?",
                "4:20: server.client_count_max must be an integer, not a string",
                "5:10: the string is not closed on its line",
                "8:18: server.smtp.rcpt_count_max must be at least 1, not 0",
                "9:1: the key 'rcpt_count_max' is already defined (line 8)",
                "11:11: app.dirpath must be a path, not an integer",
                "12:9: expected ']' behind the table's name, found the end of the line",
                "14:2: the table 'server' is already defined (line 2)",
            ],
            result.Faults.Where(f => f.Severity == FaultSeverity.Error).Select(f => $"{f.Line}:{f.Column}: {f.Message}"));
    }

    [Fact]
    public void A_fault_renders_as_compilers_do()
    {
        var fault = Reading.Error("# ünïcode 🙂\n[server]\n\tclient_count_max =\t\"many\" # 🙂");
        Assert.Equal(
            "/etc/vsmtp/vsmtp.toml:3:21: error: server.client_count_max must be an integer, not a string\n"
            + "\tclient_count_max =\t\"many\" # 🙂\n"
            + "\t                  \t^",
            fault.ToString());
    }

    [Fact]
    public void Columns_count_characters_and_not_code_units()
    {
        var fault = Reading.Error("a = \"🙂🙂\" b");
        Assert.Equal((1, 10), (fault.Line, fault.Column));
    }

    [Theory]
    [InlineData("server.domain = \"\\u001b[31m\"")]
    [InlineData("\"\\u001b[31m\" = 1")]
    [InlineData("a = 1 \u001b[31m")]
    public void What_the_file_holds_does_not_steer_the_terminal(string toml) =>
        Assert.All(Reading.Of(toml).Faults, f => Assert.DoesNotContain('\u001b', f.ToString()));

    [Fact]
    public void A_long_line_is_cut_around_the_caret()
    {
        var lines = Reading.Error($"x = [{string.Concat(Enumerable.Repeat("1, ", 500))}%]").ToString().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.InRange(lines[1].Length, 1, 160);
        Assert.Equal('%', lines[1][lines[2].IndexOf('^', StringComparison.Ordinal)]);
    }

    [Theory]
    [InlineData("server.interfaces.adr = []", "did you mean 'addr'?")]
    [InlineData("server.interface.addr = []", "did you mean 'interfaces'?")]
    [InlineData("sever.domain = \"a\"", "did you mean 'server'?")]
    [InlineData("server.Domain = \"a\"", "did you mean 'domain'?")]
    [InlineData("server.smtp.recipients = 1", "known here: auth, codes, disable_ehlo, error, message_size_limit, rates, rcpt_count_max, required_extension, timeout_client")]
    [InlineData("server.smtp.size_limit = 1", "did you mean 'message_size_limit'?")]
    [InlineData("app.vsl.file_path = \"a\"", "did you mean 'filepath'?")]
    [InlineData("server.queues.dirpath = \"/q\"\nserver.queues.delivery.deferred_retry_perod = \"1s\"", "did you mean 'deferred_retry_period'?")]
    public void An_unknown_key_is_an_error_that_says_what_may_be_meant(string toml, string hint) =>
        Assert.EndsWith(hint, Reading.Error(toml).Message, StringComparison.Ordinal);

    [Fact]
    public void A_table_under_a_wrong_header_is_not_blamed_on_another_one() =>
        Assert.Single(Reading.Errors("[server\nnonsense = 1\n[app]\ndirpath = \"/a\""));

    [Fact]
    public void A_file_that_cannot_be_read_is_a_fault()
    {
        var folder = Directory.CreateTempSubdirectory("vsmtp-config-").FullName;
        try
        {
            foreach (var path in new[] { Path.Combine(folder, "none.toml"), folder, "\0" })
            {
                var result = ConfigurationReader.Read(path, [], _ => null);
                Assert.Null(result.Configuration);
                Assert.StartsWith($"{path}: error: the file cannot be read: ", Assert.Single(result.Faults).ToString(), StringComparison.Ordinal);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_file_that_is_no_configuration_ends_soon()
    {
        var result = ConfigurationReader.Read("/dev/zero", [], _ => null);
        Assert.Null(result.Configuration);
        Assert.Contains("the file is larger than 1048576 bytes", result.Faults[0].Message + result.Faults[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_read_from_the_disk_and_its_paths_start_at_its_folder()
    {
        var folder = Directory.CreateTempSubdirectory("vsmtp-config-").FullName;
        try
        {
            var path = Path.Combine(folder, "vsmtp.toml");
            File.WriteAllText(path, "app.vsl.filepath = \"rules/main.vsl\"");
            var result = ConfigurationReader.Read(path, [], _ => null);
            Assert.Equal(path, result.Configuration!.File);
            Assert.Equal(Path.Combine(folder, "rules/main.vsl"), result.Configuration.App.Vsl.FilePath);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Without_a_file_there_are_the_defaults_and_the_sets()
    {
        var result = ConfigurationReader.Read(null, Reading.Pairs("server.domain=mta.example.org", "app.vsl.filepath=main.vsl"), _ => null);
        Assert.Null(result.Configuration!.File);
        Assert.Equal("mta.example.org", result.Configuration.Server.Domain);
        Assert.Equal(Path.GetFullPath("main.vsl"), result.Configuration.App.Vsl.FilePath);
    }
}
