namespace Vsmtp.Configuration.Tests;

public sealed class NotYetInEffectTests
{
    [Fact]
    public void Keys_that_are_given_and_not_heeded_are_listed_with_their_places()
    {
        var keys = Reading.Good("""
            server.domain = "a"
            server.logs.format = "x"
            server.smtp.required_extension = []
            server.dns.type = "google"
            [server.interfaces]
            addr = []
            [server.queues]
            dirpath = "/q"
            working.channel_size = 5
            delivery.channel_size = 5
            [server.dashboard]
            [server.cluster]
            """, "server.system.user=root", "server.system.group=root", "server.system.thread_pool.receiver=1",
            "server.system.thread_pool.processing=1", "server.system.thread_pool.delivery=1").NotYetInEffect;
        Assert.Equal(
            [
                "2:13 server.logs.format", "3:13 server.smtp.required_extension", "9:9 server.queues.working.channel_size",
                "10:10 server.queues.delivery.channel_size", "11:9 server.dashboard", "12:9 server.cluster",
                "0:15 server.system.thread_pool",
            ],
            keys.Select(k => $"{k.Place.Line}:{k.Place.Column} {k.Key}"));
        Assert.Equal(
            "/etc/vsmtp/vsmtp.toml:2:13: warning: server.logs.format is not yet in effect\nserver.logs.format = \"x\"\n            ^",
            keys[0].ToFault().ToString());
    }

    [Fact]
    public void Keys_that_are_heeded_are_not_listed()
    {
        Assert.Empty(Reading.Good("""
            version_requirement = "*"
            [server]
            domain = "a"
            client_count_max = 5
            interfaces = { addr = [], addr_submission = [], addr_submissions = [] }
            logs = { filepath = "/l", level = [] }
            queues = { dirpath = "/q", delivery.deferred_retry_max = 1, delivery.deferred_retry_period = "1s" }
            storage.url = "sqlite:x"
            delivery = { relayhost = "a:1", mx_port = 26, mta_sts_port = 444, delay_warning = "1h", postmaster = "p@a.example", maildir_root = "m", tls = { default = "encrypt", domains = { "c.example" = "may" } } }
            virtual."b.example".dns.type = "google"
            dns = { type = "cloudflare", options.attempts = 1 }
            api.socket = "s"
            [server.smtp]
            message_size_limit = 100000
            rcpt_count_max = 5
            disable_ehlo = false
            error = { soft_count = 1, hard_count = 2, delay = "1s" }
            timeout_client = { connect = "1s", helo = "1s", mail_from = "1s", rcpt_to = "1s", data = "1s" }
            codes.Ok = "250 fine"
            auth = { must_be_authenticated = false, enable_dangerous_mechanism_in_clair = true, mechanisms = ["PLAIN"], attempt_count_max = 1, users = "u" }
            [app]
            dirpath = "a"
            vsl.filepath = "m"
            logs.filepath = "n"
            """).NotYetInEffect);
    }
}
