using Vsmtp.Configuration.Options;

namespace Vsmtp.Configuration.Tests;

public sealed class WriterTests
{
    private const string Full = """
        version_requirement = ">=0.1"
        [server]
        domain = "mta.example.org"
        client_count_max = -1
        [server.system]
        user = "root"
        group = "root"
        group_local = "root"
        thread_pool = { receiver = 1, processing = 2, delivery = 3 }
        [server.interfaces]
        addr = ["127.0.0.1:25", "[fe80::1%1]:25"]
        balancers = ["10.1.2.3", "2001:db8::/32", "::ffff:192.0.2.0/120"]
        [server.logs]
        filepath = "a \"quoted\"\\\u0001 name.log"
        format = "x"
        level = ["a=off", "error"]
        [server.queues]
        dirpath = "/q"
        working.channel_size = 1
        delivery = { channel_size = 2, deferred_retry_max = 3, deferred_retry_period = "61s" }
        [server.storage]
        url = "sqlite:/q/x.db"
        [server.delivery]
        relayhost = "[::1]:2525"
        maildir_root = "/m"
        [server.delivery.tls]
        default = "encrypt"
        [server.delivery.tls.domains]
        "b.example" = "none"
        ".b.example" = "verify"
        "c.example" = { level = "verify", match = ["mx.c.example", ".d.example"] }
        [server.api]
        socket = "/s"
        [server.dashboard]
        addr = ""
        password_file = "/p"
        [server.smtp]
        message_size_limit = 70000
        rcpt_count_max = 1
        disable_ehlo = true
        required_extension = []
        error = { soft_count = -1, hard_count = -1, delay = "0s" }
        timeout_client = { connect = "1s", helo = "1ms", mail_from = "1h 1us", rcpt_to = "1d", data = "90s" }
        auth = { must_be_authenticated = true, mechanisms = ["CRAM-MD5", "ANONYMOUS"], attempt_count_max = 0, users = "/u" }
        [server.smtp.codes]
        Denied = { code = 550, enhanced = "5.7.1", text = "{domain} says \"no\"" }
        [server.dns]
        type = "custom"
        config.name_servers = ["192.0.2.1"]
        options = { ip_strategy = "Ipv6Only" }
        [server.virtual."x.org"]
        dns = { type = "google" }
        [server.cluster]
        service_id = "s"
        cluster_id = "c"
        silo_port = 1
        gateway_port = 2
        [app]
        dirpath = "/a"
        logs = { filepath = "/l", format = "y" }
        vsl.filepath = "/main.vsl"
        """;

    [Theory]
    [InlineData("")]
    [InlineData(Full)]
    public void What_is_written_reads_back_as_the_same(string toml)
    {
        var written = ConfigurationWriter.ToToml(Reading.Good(toml));
        Assert.Equal(written, ConfigurationWriter.ToToml(Reading.Good(written)));
    }

    [Fact]
    public void Every_key_that_was_given_comes_back_with_its_value()
    {
        var written = ConfigurationWriter.ToToml(Reading.Good(Full)).Split('\n');
        string[] expected =
        [
            "version_requirement = \">=0.1\"", "domain = \"mta.example.org\"", "client_count_max = -1", "group_local = \"root\"", "processing = 2",
            "addr = [\"127.0.0.1:25\", \"[fe80::1%1]:25\"]", "addr_submission = []",
            "balancers = [\"10.1.2.3\", \"2001:db8::/32\", \"192.0.2.0/24\"]", "filepath = \"/etc/vsmtp/a \\\"quoted\\\"\\\\\\u0001 name.log\"",
            "level = [\"a=off\", \"error\"]", "deferred_retry_period = \"1m 1s\"", "url = \"sqlite:/q/x.db\"", "relayhost = \"[::1]:2525\"",
            "maildir_root = \"/m\"", "socket = \"/s\"", "addr = \"\"", "message_size_limit = 70000", "disable_ehlo = true", "required_extension = []",
            "soft_count = -1", "delay = \"0s\"", "mail_from = \"1h 1us\"", "data = \"1m 30s\"", "mechanisms = [\"CRAM-MD5\", \"ANONYMOUS\"]", "users = \"/u\"",
            "Denied = \"550 5.7.1 mta.example.org says \\\"no\\\"\"", "name_servers = [\"192.0.2.1:53\"]", "ip_strategy = \"Ipv6Only\"",
            "[server.virtual.\"x.org\".dns]", "gateway_port = 2", "[app.vsl]", "filepath = \"/main.vsl\"",
        ];
        Assert.All(expected, line => Assert.Contains(line, written));
    }

    [Fact]
    public void The_tree_has_the_shapes_that_rules_see()
    {
        var tree = ConfigurationWriter.ToTree(Reading.Good(Full));
        var server = Map(tree["server"]);
        Assert.Equal("mta.example.org", server["domain"]);
        Assert.Equal(-1L, server["client_count_max"]);
        Assert.Equal("1m 30s", Map(Map(server["smtp"])["timeout_client"])["data"]);
        Assert.Equal(true, Map(server["smtp"])["disable_ehlo"]);
        Assert.Equal(["a=off", "error"], Assert.IsAssignableFrom<IReadOnlyList<object?>>(Map(server["logs"])["level"]));
        Assert.Equal("/a", Map(tree["app"])["dirpath"]);
        Assert.Equal("google", Map(Map(Map(server["virtual"])["x.org"])["dns"])["type"]);
        Assert.False(server.ContainsKey("tls"));
        Assert.All(Flatten(tree), v => Assert.True(v is string or long or bool, $"{v} is no plain value"));
    }

    [Fact]
    public void The_password_of_the_store_is_not_written()
    {
        var configuration = new VsmtpConfiguration
        {
            Server = new() { Storage = new() { Url = new StorageUrl.Postgres { Host = "db", Database = "mail", User = "a b", Password = new("s3cr3t") } } },
        };
        var toml = ConfigurationWriter.ToToml(configuration);
        Assert.Contains("url = \"postgres://a%20b@db:5432/mail\"", toml, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", toml, StringComparison.Ordinal);
    }

    private static IReadOnlyDictionary<string, object?> Map(object? value) =>
        Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(value);

    private static IEnumerable<object?> Flatten(object? value) => value switch
    {
        IReadOnlyDictionary<string, object?> map => map.Values.SelectMany(Flatten),
        IReadOnlyList<object?> list => list.SelectMany(Flatten),
        _ => [value],
    };
}
