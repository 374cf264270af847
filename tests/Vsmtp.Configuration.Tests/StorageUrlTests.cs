using Vsmtp.Configuration.Options;

namespace Vsmtp.Configuration.Tests;

public sealed class StorageUrlTests
{
    private const string Password = "s3cr3t-p%40ss";

    [Theory]
    [InlineData("sqlite:mail.db", "/etc/vsmtp/mail.db")]
    [InlineData("sqlite:/srv/mail.db", "/srv/mail.db")]
    [InlineData("sqlite:///srv/mail.db", "/srv/mail.db")]
    public void A_sqlite_url_is_a_path(string url, string path) =>
        Assert.Equal(new StorageUrl.Sqlite(path), Reading.Server($"server.storage.url = \"{url}\"").Storage.Url);

    [Theory]
    [InlineData("", 64L << 20)]
    [InlineData("server.smtp.message_size_limit = 100000000", 200_000_000L)]
    [InlineData("server.storage.free_space_min = 0", 0L)]
    [InlineData("server.storage.free_space_min = 1048576", 1L << 20)]
    public void The_space_that_stays_free_has_room_for_two_of_the_largest_messages_unless_the_file_says_otherwise(string text, long bytes) =>
        Assert.Equal(bytes, Reading.Server(text).Storage.FreeSpaceMin);

    [Fact]
    public void A_postgres_url_is_taken_apart()
    {
        var configuration = Reading.Good($"server.storage.url = \"postgres://mta:{Password}@db.example.org/mail?sslmode=require\"");
        var url = Assert.IsType<StorageUrl.Postgres>(configuration.Server.Storage.Url);
        Assert.Equal(("mta", "s3cr3t-p@ss", "db.example.org", 5432, "mail"), (url.User, url.Password!.Reveal(), url.Host, url.Port, url.Database));
        Assert.Equal("require", url.Parameters["sslmode"]);
        Assert.Equal("postgres://mta@db.example.org:5432/mail?sslmode=require", url.ToString());
        Assert.Empty(configuration.NotYetInEffect);
    }

    [Theory]
    [InlineData("postgresql://[::1]:6432/mail", "::1", 6432)]
    [InlineData("postgres:///mail?host=/run/postgresql", "/run/postgresql", 5432)]
    public void A_postgres_host_may_be_an_address_or_a_socket(string text, string host, int port)
    {
        var url = Assert.IsType<StorageUrl.Postgres>(Reading.Server($"server.storage.url = \"{text}\"").Storage.Url);
        Assert.Equal((host, port, null, null), (url.Host, url.Port, url.User, url.Password));
    }

    [Theory]
    [InlineData("mysql://x/y", "must begin with \"sqlite:\" or \"postgres://\"")]
    [InlineData("", "must begin with")]
    [InlineData("sqlite:", "must be \"sqlite:PATH\"")]
    [InlineData("sqlite::memory:", "must name a file")]
    [InlineData("sqlite://host/x.db", "must be \"sqlite:PATH\", without host and parameters")]
    [InlineData("sqlite:x.db?mode=ro", "must be \"sqlite:PATH\", without host and parameters")]
    [InlineData("postgres://host", "must be \"postgres://user:password@host:port/database\"")]
    [InlineData("postgres:///mail", "must be \"postgres://user:password@host:port/database\"")]
    [InlineData("postgres://host:99999/mail", "must be \"postgres://user:password@host:port/database\"")]
    [InlineData("postgres://host/mail?password=x", "takes the password before the host only")]
    public void A_wrong_url_is_an_error(string url, string expected) =>
        Assert.Contains("server.storage.url " + expected, Reading.Error($"server.storage.url = \"{url}\"").Message, StringComparison.Ordinal);

    [Fact]
    public void The_environment_goes_before_the_file_and_the_command_line_before_both()
    {
        ConfigurationResult Read(params string[] sets) => ConfigurationReader.ReadText(
            "server.storage.url = \"sqlite:/file.db\"", Reading.FileName, Reading.Pairs(sets),
            name => name == "VSMTP_STORAGE_URL" ? "sqlite:/environment.db" : null);
        Assert.Equal(new StorageUrl.Sqlite("/environment.db"), Read().Configuration!.Server.Storage.Url);
        Assert.Equal(new StorageUrl.Sqlite("/set.db"), Read("server.storage.url=sqlite:/set.db").Configuration!.Server.Storage.Url);
    }

    [Fact]
    public void A_wrong_url_in_the_environment_names_the_variable_and_not_the_url()
    {
        var result = ConfigurationReader.ReadText("", Reading.FileName, [], _ => "postgres://mta:" + Password);
        var error = Assert.Single(result.Faults, f => f.Severity == FaultSeverity.Error);
        Assert.StartsWith("VSMTP_STORAGE_URL: error: server.storage.url must be", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("server.storage.url = \"postgres://mta:s3cr3t@db\"")]
    [InlineData("server.storage.url = \"postgres:/mta:s3cr3t@db/x\"")]
    [InlineData("server.storage.url = \"postgres://mta:s3cr3t@db/mail\" x")]
    [InlineData("server.storage.url = \"postgres://mta:s3cr3t@db/mail")]
    [InlineData("server.storage = { url = \"postgres://mta:s3cr3t@db/mail\", urll = 1 }")]
    [InlineData("server.storage = { url = \"postgres://db/mail?password=s3cr3t\", urll = 1 }")]
    [InlineData("server.storage.url = [\"s3cr3t\"]")]
    [InlineData("server.storage.url = \"s3cr3t\"")]
    [InlineData("server.storage.urlx = \"postgres://mta:s3cr3t@db/mail\"")]
    public void A_password_is_never_shown(string toml)
    {
        var result = Reading.Of(toml);
        Assert.NotEmpty(result.Faults);
        Assert.All(result.Faults, f => Assert.DoesNotContain("s3cr3t", f.ToString(), StringComparison.Ordinal));
        var sets = Reading.Of("", toml.Replace(" = ", "=", StringComparison.Ordinal));
        Assert.All(sets.Faults, f => Assert.DoesNotContain("s3cr3t", f.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void A_good_password_is_nowhere_but_in_its_place()
    {
        var configuration = Reading.Good("server.storage.url = \"postgres://mta:s3cr3t@db/mail\"");
        Assert.DoesNotContain("s3cr3t", configuration.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", configuration.Server.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", configuration.Server.Storage.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", ConfigurationWriter.ToToml(configuration), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", string.Join("", configuration.NotYetInEffect), StringComparison.Ordinal);
    }

    [Fact]
    public void A_caret_stays_at_its_place_behind_a_mask()
    {
        var text = Reading.Error("server.storage = { url = \"postgres://mta:s3cr3t@db/mail\", urll = 1 }").ToString().Split('\n');
        Assert.Equal(text[1].IndexOf("urll", StringComparison.Ordinal), text[2].IndexOf('^', StringComparison.Ordinal));
    }
}
