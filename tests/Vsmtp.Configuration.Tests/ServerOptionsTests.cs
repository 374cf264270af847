using System.Net;
using Vsmtp.Configuration.Options;

namespace Vsmtp.Configuration.Tests;

public sealed class ServerOptionsTests
{
    [Fact]
    public void An_empty_file_gives_the_defaults()
    {
        var server = Reading.Server("");
        Assert.Equal(Environment.MachineName, server.Domain);
        Assert.Equal(1000, server.ClientCountMax);
        Assert.Equal([new IPEndPoint(IPAddress.Loopback, 25)], server.Interfaces.Addr);
        Assert.Equal([new IPEndPoint(IPAddress.Loopback, 587)], server.Interfaces.AddrSubmission);
        Assert.Equal([new IPEndPoint(IPAddress.Loopback, 465)], server.Interfaces.AddrSubmissions);
        Assert.Equal("/var/log/vsmtp/vsmtp.log", server.Logs.FilePath);
        Assert.Equal([new LogDirective(null, LogSeverity.Warn)], server.Logs.Level);
        Assert.Equal("/var/spool/vsmtp", server.Queues.DirPath);
        Assert.Equal(100, server.Queues.Delivery.DeferredRetryMax);
        Assert.Equal(TimeSpan.FromMinutes(5), server.Queues.Delivery.DeferredRetryPeriod);
        Assert.Equal(new StorageUrl.Sqlite("/var/spool/vsmtp/vsmtp.db"), server.Storage.Url);
        Assert.Equal("/var/spool/vsmtp/vsmtp.sock", server.Api.Socket);
        Assert.Null(server.Delivery.RelayHost);
        Assert.Null(server.Delivery.MaildirRoot);
        Assert.Equal(26_214_400, server.Smtp.MessageSizeLimit);
        Assert.Equal(1000, server.Smtp.RcptCountMax);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 8025), server.Dashboard.Addr);
        Assert.Null(server.Tls);
        Assert.Null(server.Smtp.Auth);
    }

    [Fact]
    public void The_defaults_of_the_reader_are_those_of_the_options()
    {
        var read = ConfigurationWriter.ToToml(Reading.Good(""));
        Assert.Equal(ConfigurationWriter.ToToml(new VsmtpConfiguration()), read);
    }

    [Fact]
    public void A_file_with_only_a_version_requirement_equals_the_defaults()
    {
        var configuration = Reading.Good("version_requirement = \">=0.1.0\"");
        Assert.Equal(
            ConfigurationWriter.ToToml(new VsmtpConfiguration()),
            ConfigurationWriter.ToToml(configuration with { VersionRequirement = null }));
    }

    [Fact]
    public void The_file_of_the_tutorial_is_enough()
    {
        var server = Reading.Server("""
            # -- vsmtp.toml
            [server.interfaces]
            #      clients             delegation results
            addr = ["192.168.1.254:25", "127.0.0.1:10025"]
            """);
        Assert.Equal([IPEndPoint.Parse("192.168.1.254:25"), IPEndPoint.Parse("127.0.0.1:10025")], server.Interfaces.Addr);
        Assert.Empty(server.Interfaces.AddrSubmission);
        Assert.Empty(server.Interfaces.AddrSubmissions);
    }

    [Fact]
    public void A_simple_site_is_read_as_it_is_written()
    {
        var configuration = Reading.Good("""
            version_requirement = ">=0.1, <1"
            [server]
            domain = "mta.example.org"
            client_count_max = -1
            [server.logs]
            filepath = "log/vsmtp.log"
            level = ["info", "delivery=debug", "Vsmtp.Smtp=TRACE"]
            [server.queues]
            dirpath = "../../spool"
            [server.queues.delivery]
            deferred_retry_max = 7
            deferred_retry_period = "1m 30s"
            [server.delivery]
            relayhost = "smart.example.org:587"
            maildir_root = "mail"
            [app]
            dirpath = "app"
            vsl.filepath = "main.vsl"
            logs.filepath = "/tmp/app.log"
            """);
        var server = configuration.Server;
        Assert.Equal(Reading.FileName, configuration.File);
        Assert.Equal(">=0.1, <1", configuration.VersionRequirement!.ToString());
        Assert.Equal("mta.example.org", server.Domain);
        Assert.Null(server.ClientCountMax);
        Assert.Equal("/etc/vsmtp/log/vsmtp.log", server.Logs.FilePath);
        Assert.Equal(["info", "delivery=debug", "Vsmtp.Smtp=trace"], server.Logs.Level.Select(l => l.ToString()));
        Assert.Equal("/spool", server.Queues.DirPath);
        Assert.Equal(7, server.Queues.Delivery.DeferredRetryMax);
        Assert.Equal(TimeSpan.FromSeconds(90), server.Queues.Delivery.DeferredRetryPeriod);
        Assert.Equal(("smart.example.org", 587), (server.Delivery.RelayHost!.Host, server.Delivery.RelayHost.Port));
        Assert.Equal("/etc/vsmtp/mail", server.Delivery.MaildirRoot);
        Assert.Equal("/etc/vsmtp/app", configuration.App.DirPath);
        Assert.Equal("/etc/vsmtp/main.vsl", configuration.App.Vsl.FilePath);
        Assert.Equal("/tmp/app.log", configuration.App.Logs.FilePath);
        Assert.Empty(configuration.NotYetInEffect);
    }

    [Fact]
    public void The_store_and_the_socket_lie_in_the_queue_folder()
    {
        var server = Reading.Server("server.queues.dirpath = \"/srv/mail\"");
        Assert.Equal(new StorageUrl.Sqlite("/srv/mail/vsmtp.db"), server.Storage.Url);
        Assert.Equal("/srv/mail/vsmtp.sock", server.Api.Socket);
    }

    [Theory]
    [InlineData("server.domain = \"a b\"", "1:17: server.domain must be a domain")]
    [InlineData("server.domain = \"\"", "1:17: server.domain must be a domain")]
    [InlineData("server.domain = \"exämple.org\"", "1:17: server.domain must be a domain")]
    [InlineData("server.domain = \"-a.org\"", "1:17: server.domain must be a domain")]
    [InlineData("server.domain = \"a..org\"", "1:17: server.domain must be a domain")]
    [InlineData("server.domain = 5", "1:17: server.domain must be a domain of letters, digits and hyphens (another alphabet as xn--…), not an integer")]
    [InlineData("server.client_count_max = 0", "1:27: server.client_count_max must be at least 1, or -1 for no limit; it is 0")]
    [InlineData("server.client_count_max = -2", "1:27: server.client_count_max must be at least 1, or -1 for no limit; it is -2")]
    [InlineData("server.client_count_max = 3000000000", "1:27: server.client_count_max must be at least 1, not 3000000000")]
    [InlineData("server.client_count_max = 1.5", "1:27: server.client_count_max must be an integer, not a float")]
    [InlineData("server = 1", "1:10: server must be a table, not an integer")]
    [InlineData("server.queues = {}", "1:17: server.queues.dirpath is missing: it is mandatory in [server.queues]")]
    [InlineData("server.queues.dirpath = \"\"", "1:25: server.queues.dirpath must be a path, not \"\"")]
    [InlineData("server.queues.dirpath = \"a\\u0000b\"", "1:25: server.queues.dirpath must be a path")]
    [InlineData("server.queues = { dirpath = \"/q\", delivery.deferred_retry_period = \"6d\" }", "1:68: server.queues.delivery.deferred_retry_period must be at most 5d")]
    [InlineData("server.queues = { dirpath = \"/q\", delivery.deferred_retry_period = \"0s\" }", "1:68: server.queues.delivery.deferred_retry_period must be more than nothing")]
    [InlineData("server.queues = { dirpath = \"/q\", delivery.deferred_retry_max = 0 }", "1:65: server.queues.delivery.deferred_retry_max must be at least 1, not 0")]
    [InlineData("server.queues = { dirpath = \"/q\", working.channel_size = -3 }", "1:58: server.queues.working.channel_size must be at least 1, not -3")]
    [InlineData("server.logs.level = [\"loud\"]", "1:22: server.logs.level must be a level (trace, debug, info, warn, error, off) or \"target=level\", not \"loud\"")]
    [InlineData("server.logs.level = [\"=warn\"]", "1:22: server.logs.level must be a level")]
    [InlineData("server.logs.level = \"warn\"", "1:21: server.logs.level must be an array of strings")]
    [InlineData("server.delivery.relayhost = \"127.0.0.1:25\"", "1:29: server.delivery.relayhost is 127.0.0.1:25, where this server listens itself")]
    [InlineData("server.dashboard.addr = \"0.0.0.0:8025\"", "1:25: server.dashboard.addr is not a loopback address: server.dashboard.password_file must be given")]
    [InlineData("server.dashboard.addr = \"localhost\"", "1:25: server.dashboard.addr must be an address \"ip:port\"")]
    [InlineData("server.cluster.silo_port = 0", "1:28: server.cluster.silo_port must be from 1 to 65535, not 0")]
    [InlineData("server.cluster.gateway_port = 11111", "1:31: server.cluster.gateway_port must not be that of server.cluster.silo_port")]
    [InlineData("server.cluster.service_id = \" \"", "1:29: server.cluster.service_id must be a name")]
    [InlineData("server.system.user = \"no-such-account\"", "1:22: server.system.user names a user that this machine does not have: \"no-such-account\"")]
    [InlineData("server.system.group = \"no-such-group\"", "1:23: server.system.group names a group that this machine does not have")]
    [InlineData("server.system.group_local = \"no-such-group\"", "1:29: server.system.group_local names a group that this machine does not have")]
    [InlineData("server.system.thread_pool = { receiver = 0, processing = 1, delivery = 1 }", "1:42: server.system.thread_pool.receiver must be at least 1, not 0")]
    [InlineData("server.system.thread_pool = { receiver = 2, processing = 1 }", "1:29: server.system.thread_pool.delivery is missing: the table is complete or absent")]
    [InlineData("app.logs.filepath = \"/var/log/vsmtp/vsmtp.log\"", "1:21: app.logs.filepath must not be that of server.logs.filepath")]
    [InlineData("app.vsl.filepath = true", "1:20: app.vsl.filepath must be a path, not a boolean")]
    [InlineData("version_requirement = \"one\"", "1:23: version_requirement must be a version requirement such as \">=1.0, <2.0\", not \"one\"")]
    [InlineData("version_requirement = \">=999\"", "1:23: version_requirement is \">=999\", and this is version 0.1.0 of the server")]
    public void A_wrong_value_is_named_with_its_key_and_place(string toml, string expected)
    {
        Assert.StartsWith(expected, Assert.Single(Reading.Errors(toml)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_path_that_no_socket_can_have_is_an_error()
    {
        var path = "/" + new string('a', 107);
        Assert.StartsWith("1:21: server.api.socket must be at most 107 bytes long", Assert.Single(Reading.Errors($"server.api.socket = \"{path}\"")), StringComparison.Ordinal);
        Assert.Equal(path[..107], Reading.Server($"server.api.socket = \"{path[..107]}\"").Api.Socket);
    }

    [Fact]
    public void An_existing_account_is_taken_and_a_missing_default_one_is_a_warning()
    {
        Assert.Equal("root", Reading.Server("server.system.user = \"root\"\nserver.system.group = \"root\"").System.User);
        Assert.DoesNotContain(Reading.Warnings("server.system = { user = \"root\", group = \"root\" }"), w => w.Contains("this machine", StringComparison.Ordinal));
        var isThere = File.ReadLines("/etc/passwd").Any(l => l.StartsWith("vsmtp:", StringComparison.Ordinal));
        Assert.Equal(!isThere, Reading.Warnings("").Contains("this machine does not have the user \"vsmtp\", the default of server.system.user"));
    }

    [Fact]
    public void Without_rules_there_is_a_warning()
    {
        const string warning = "app.vsl.filepath is not given: without rules every mail is denied";
        Assert.Contains(warning, Reading.Warnings(""));
        Assert.DoesNotContain(warning, Reading.Warnings("app.vsl.filepath = \"main.vsl\""));
    }

    [Fact]
    public void The_dashboard_can_be_turned_off_and_opened_with_a_password_file()
    {
        Assert.Null(Reading.Server("server.dashboard.addr = \"\"").Dashboard.Addr);
        var open = Reading.Server("server.dashboard = { addr = \"0.0.0.0:80\", password_file = \"users\" }").Dashboard;
        Assert.Equal(IPEndPoint.Parse("0.0.0.0:80"), open.Addr);
        Assert.Equal("/etc/vsmtp/users", open.PasswordFile);
        Assert.NotNull(Reading.Server("server.dashboard.addr = \"[::1]:80\"").Dashboard.Addr);
    }
}
