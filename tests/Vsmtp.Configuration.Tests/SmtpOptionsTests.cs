using Vsmtp.Configuration.Options;

namespace Vsmtp.Configuration.Tests;

public sealed class SmtpOptionsTests
{
    [Fact]
    public void Every_key_is_read()
    {
        var smtp = Reading.Server("""
            [server.smtp]
            message_size_limit = 100000
            rcpt_count_max = 25
            disable_ehlo = true
            required_extension = ["starttls"]
            [server.smtp.error]
            soft_count = -1
            hard_count = 3
            delay = "50ms"
            [server.smtp.timeout_client]
            connect = "1s"
            helo = "2s"
            mail_from = "3s"
            rcpt_to = "4s"
            data = "1h"
            [server.smtp.auth]
            must_be_authenticated = true
            enable_dangerous_mechanism_in_clair = true
            mechanisms = ["plain", "CRAM-MD5"]
            attempt_count_max = 2
            """).Smtp;
        Assert.Equal(100_000, smtp.MessageSizeLimit);
        Assert.Equal(25, smtp.RcptCountMax);
        Assert.True(smtp.DisableEhlo);
        Assert.Equal(["STARTTLS"], smtp.RequiredExtension);
        Assert.Equal(new ErrorOptions { SoftCount = null, HardCount = 3, Delay = TimeSpan.FromMilliseconds(50) }, smtp.Error);
        Assert.Equal(
            new ClientTimeouts
            {
                Connect = TimeSpan.FromSeconds(1), Helo = TimeSpan.FromSeconds(2), MailFrom = TimeSpan.FromSeconds(3),
                RcptTo = TimeSpan.FromSeconds(4), Data = TimeSpan.FromHours(1),
            },
            smtp.TimeoutClient);
        Assert.True(smtp.Auth!.MustBeAuthenticated);
        Assert.True(smtp.Auth.EnableDangerousMechanismInClair);
        Assert.Equal([AuthMechanism.Plain, AuthMechanism.CramMd5], smtp.Auth.Mechanisms);
        Assert.Equal(2, smtp.Auth.AttemptCountMax);
    }

    [Fact]
    public void Rates_are_a_number_and_a_duration()
    {
        var rates = Reading.Server("""
            [server.smtp.rates]
            exempt = ["10.0.0.0/8"]
            client = { connections = "60/1m", mails = "5 / 10s" }
            network.recipients = "1000/1h"
            """).Smtp.Rates;
        Assert.Equal(new ClientRate(60, TimeSpan.FromMinutes(1)), rates.Client.Connections);
        Assert.Equal(new ClientRate(5, TimeSpan.FromSeconds(10)), rates.Client.Mails);
        Assert.Null(rates.Client.Recipients);
        Assert.Equal(new ClientRates { Recipients = new ClientRate(1000, TimeSpan.FromHours(1)) }, rates.Network);
        Assert.Equal("10.0.0.0/8", Assert.Single(rates.Exempt).ToString());
    }

    [Theory, InlineData("60"), InlineData("0/1m"), InlineData("-1/1m"), InlineData("60/"), InlineData("60/0s"), InlineData("60/2d"), InlineData("x/1m")]
    public void Other_rates_are_faults(string text) => Assert.Contains(
        "server.smtp.rates.client.mails must be a number and a duration such as \"60/1m\"",
        Reading.Error($"server.smtp.rates.client.mails = \"{text}\"").Message, StringComparison.Ordinal);

    [Fact]
    public void The_usual_mechanisms_are_those_that_can_succeed()
    {
        Assert.Null(Reading.Good("").Server.Smtp.Auth);
        Assert.Equal([AuthMechanism.Plain, AuthMechanism.Login], Reading.Good("server.smtp.auth = {}").Server.Smtp.Auth!.Mechanisms);
        var auth = Reading.Good("server.smtp.auth.users = \"users\"").Server.Smtp.Auth!;
        Assert.Equal([AuthMechanism.ScramSha256, AuthMechanism.Plain, AuthMechanism.Login], auth.Mechanisms);
        Assert.Equal("/etc/vsmtp/users", auth.Users);
        Assert.Equal(
            Enum.GetValues<AuthMechanism>(),
            Reading.Good("""server.smtp.auth.mechanisms = ["plain", "login", "cram-md5", "anonymous", "scram-sha-256", "xoauth2", "oauthbearer"]""").Server.Smtp.Auth!.Mechanisms);
    }

    [Theory]
    [InlineData("message_size_limit = 0", "1:34: server.smtp.message_size_limit must be at least 1, not 0")]
    [InlineData("message_size_limit = \"25MB\"", "1:34: server.smtp.message_size_limit must be an integer, not a string")]
    [InlineData("rcpt_count_max = -1", "1:30: server.smtp.rcpt_count_max must be at least 1, not -1")]
    [InlineData("disable_ehlo = \"yes\"", "1:28: server.smtp.disable_ehlo must be true or false, not a string")]
    [InlineData("required_extension = [\"a b\"]", "1:35: server.smtp.required_extension must be the name of an extension, not \"a b\"")]
    [InlineData("error = { soft_count = 0, hard_count = 5, delay = \"1s\" }", "1:36: server.smtp.error.soft_count must be at least 1, or -1 for no limit; it is 0")]
    [InlineData("error = { soft_count = 9, hard_count = 5, delay = \"1s\" }", "1:36: server.smtp.error.soft_count is 9, above server.smtp.error.hard_count (5): it would never be reached")]
    [InlineData("error = { soft_count = 1, hard_count = 5 }", "1:21: server.smtp.error.delay is missing: the table is complete or absent")]
    [InlineData("error = { soft_count = 1, hard_count = 5, delay = \"1\" }", "1:63: server.smtp.error.delay must be a duration such as \"5m\", \"1m 30s\" or \"500ms\", not \"1\"")]
    [InlineData("error = { soft_count = 1, hard_count = 5, delay = 1 }", "1:63: server.smtp.error.delay must be a duration such as \"5m\", \"1m 30s\" or \"500ms\", not an integer")]
    [InlineData("timeout_client = { connect = \"1s\", helo = \"1s\", mail_from = \"1s\", rcpt_to = \"1s\" }", "1:30: server.smtp.timeout_client.data is missing: the table is complete or absent")]
    [InlineData("timeout_client = { connect = \"0s\", helo = \"1s\", mail_from = \"1s\", rcpt_to = \"1s\", data = \"1s\" }", "1:42: server.smtp.timeout_client.connect must be more than nothing")]
    [InlineData("timeout_client = { connect = \"31d\", helo = \"1s\", mail_from = \"1s\", rcpt_to = \"1s\", data = \"1s\" }", "1:42: server.smtp.timeout_client.connect must be at most 30d")]
    [InlineData("auth = { mechanisms = [] }", "1:35: server.smtp.auth.mechanisms must name at least one mechanism")]
    [InlineData("auth = { mechanisms = [\"PLAIN\", \"plain\"] }", "1:35: server.smtp.auth.mechanisms names a mechanism twice")]
    [InlineData("auth = { mechanisms = [\"GSSAPI\"] }", "1:36: server.smtp.auth.mechanisms must be PLAIN, LOGIN, SCRAM-SHA-256, CRAM-MD5, ANONYMOUS, XOAUTH2 or OAUTHBEARER, not \"GSSAPI\"")]
    [InlineData("auth = { attempt_count_max = -2 }", "1:42: server.smtp.auth.attempt_count_max must be at least 0, or -1 for no limit; it is -2")]
    public void A_wrong_value_is_named_with_its_key_and_place(string smtp, string expected)
    {
        Assert.StartsWith(expected, Assert.Single(Reading.Errors("server.smtp." + smtp)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_works_but_is_hardly_meant_is_a_warning()
    {
        Assert.Contains(
            "server.smtp.message_size_limit is less than the 65536 bytes that senders may count on (RFC 5321 §4.5.3.1.7)",
            Reading.Warnings("server.smtp.message_size_limit = 65535"));
        Assert.Contains(
            "server.smtp.auth.enable_dangerous_mechanism_in_clair is false and there is no [server.tls]: no client can authenticate",
            Reading.Warnings("[server.smtp.auth]"));
        Assert.DoesNotContain(Reading.Warnings("server.smtp.message_size_limit = 65536"), w => w.StartsWith("server.smtp", StringComparison.Ordinal));
    }
}
