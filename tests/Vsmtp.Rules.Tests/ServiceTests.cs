using System.Net;
using Vsmtp.Mail.Delegation;
using Vsmtp.Mail.Transfer;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Tests;

public sealed class ServiceTests
{
    private readonly Site _site = new();

    [Fact]
    public async Task All_keys_are_read()
    {
        var settings = await ReadAsync("""
            delegator: #{ address: "av.example.com:10026", timeout: "1m 30s", protocol: "lmtp" },
            receiver: "[::1]:10025",
            timeout: "5s",
            max_in_flight: 20,
            max_in_flight_total: 50,
            retry: #{ first: "500ms", max: "1m", give_up: "2h" },
            return_deadline: "10m",
            proof: ["X-Virus-Scanned", "X-Virus-Infected"],
            verdict_headers: ["X-Spam-Flag"],
            peers: ["10.0.0.0/8", "av.example.com", "2001:db8::1"],
            max_bytes: 5000000,
            keep_original: true,
            preq_wait: "45s",
            preq_late: "accept",
            tls: "encrypt",
            xforward: false,
            """);

        Assert.Equal("av.example.com:10026", settings.Delegator);
        Assert.Equal("[::1]:10025", settings.Receiver);
        Assert.Equal(TimeSpan.FromSeconds(90), settings.Timeout);
        Assert.Equal((20, 50, 4), (settings.MaxInFlight, settings.MaxInFlightTotal, settings.MaxConnects));
        Assert.Equal(
            new DelegationRetry { First = TimeSpan.FromMilliseconds(500), Max = TimeSpan.FromMinutes(1), GiveUp = TimeSpan.FromHours(2) },
            settings.Retry);
        Assert.Equal(TimeSpan.FromMinutes(10), settings.ReturnDeadline);
        Assert.Equal(["X-Virus-Scanned", "X-Virus-Infected"], settings.Proof);
        Assert.Equal(["X-Spam-Flag"], settings.VerdictHeaders);
        Assert.Equal(["10.0.0.0/8", "av.example.com", "2001:db8::1"], settings.Peers);
        Assert.Equal(5_000_000, settings.MaxBytes);
        Assert.True(settings.KeepsOriginal);
        Assert.Equal((TimeSpan.FromSeconds(45), true), (settings.PreqWait, settings.AcceptsLate));
        Assert.Equal((TransferProtocol.Lmtp, TlsLevel.Encrypt, false), (settings.Protocol, settings.Tls, settings.GivesOrigin));
    }

    [Fact]
    public async Task Missing_keys_have_the_documented_defaults()
    {
        var settings = await ReadAsync("delegator: #{ address: \"127.0.0.1:10026\" }, receiver: \"127.0.0.1:10025\",");

        Assert.Equal(
            new SmtpServiceSettings { Name = "scan", Delegator = "127.0.0.1:10026", Receiver = "127.0.0.1:10025" }.ToString(),
            settings.ToString());
        Assert.Equal((TimeSpan.FromSeconds(60), 8, TimeSpan.FromMinutes(5)), (settings.Timeout, settings.MaxInFlight, settings.ReturnDeadline));
        Assert.Equal((TransferProtocol.Smtp, TlsLevel.None, true), (settings.Protocol, settings.Tls, settings.GivesOrigin));
        Assert.Empty(settings.Proof);
        Assert.False(settings.KeepsOriginal);
        Assert.Equal((null, null, false), (settings.MaxInFlightTotal, settings.PreqWait, settings.AcceptsLate));
    }

    [Theory]
    [InlineData("delegator: #{ address: \"h:1\", timeout: \"7s\" }, timeout: \"9s\",", 7)]
    [InlineData("delegator: #{ address: \"h:1\" }, timeout: \"9s\",", 9)]
    [InlineData("delegator: #{ address: \"h:1\" },", 60)]
    public async Task The_timeout_is_the_delegators_then_the_services_then_a_minute(string keys, int seconds)
    {
        var settings = await ReadAsync(keys + "receiver: \"127.0.0.1:10025\",");

        Assert.Equal(TimeSpan.FromSeconds(seconds), settings.Timeout);
    }

    [Theory]
    [InlineData("delegator: #{ address: \"127.0.0.1\" }", "`127.0.0.1` is not an address of a service: write host:port")]
    [InlineData("delegator: #{ address: \"unix:/run/x\" }", "`unix:/run/x` is not an address")]
    [InlineData("delegator: #{ address: \"h:0\" }", "`h:0` is not an address")]
    [InlineData("delegator: #{ address: \"h:65536\" }", "`h:65536` is not an address")]
    [InlineData("delegator: #{ address: \"a b:25\" }", "`a b:25` is not an address")]
    [InlineData("delegator: #{ address: \"::1:25\" }", "`::1:25` is not an address")]
    [InlineData("delegator: #{ address: 5 }", "`address` of `delegator` of service `scan` must be a string; it is 5")]
    [InlineData("delegator: #{ }", "`delegator` of service `scan` has no key `address`")]
    [InlineData("delegator: 5", "`delegator` of service `scan` must be a map; it is 5")]
    [InlineData("delegator: #{ address: \"h:1\", timeout: \"soon\" }", "`timeout` of `delegator` of service `scan`: `soon` is not a duration")]
    [InlineData("delegator: #{ address: \"h:1\", protocol: \"LMTP\" }", "`protocol` of `delegator` of service `scan` is one of smtp, lmtp, not `LMTP` (did you mean `lmtp`?)")]
    [InlineData("delegator: #{ address: \"h:1\", protocol: true }", "`protocol` of `delegator` of service `scan` must be a string; it is true")]
    [InlineData("tls: true", "`tls` of service `scan` must be a string; it is true")]
    [InlineData("tls: \"encrpyt\"", "`tls` of service `scan` is one of none, may, encrypt, verify, not `encrpyt` (did you mean `encrypt`?)")]
    [InlineData("xforward: \"yes\"", "`xforward` of service `scan` must be a boolean; it is \"yes\"")]
    [InlineData("tls: \"verify\", tls_ca: \"ca.pem\"", "`tls_ca` of service `scan`: `ca.pem`: the path must be absolute")]
    [InlineData("tls: \"verify\", tls_ca: \"/no/such/ca.pem\"", "`tls_ca` of service `scan`: `/no/such/ca.pem`: `/no/such/ca.pem` is not among the files")]
    [InlineData("timeout: \"0s\"", "`0s` is not a duration")]
    [InlineData("timeout: 60", "`timeout` of service `scan` must be a string such as \"60s\"; it is 60")]
    [InlineData("receiver: \"localhost:10025\"", "`localhost:10025` is not a receiver of service `scan`: write ip:port")]
    [InlineData("max_in_flight: \"8\"", "`max_in_flight` of service `scan` must be an integer from 1 to 1000; it is \"8\"")]
    [InlineData("max_bytes: -1", "`max_bytes` of service `scan` must be an integer above 0; it is -1")]
    [InlineData("retry: \"5s\"", "`retry` of service `scan` must be a map")]
    [InlineData("retry: #{ first: \"1h\", max: \"1m\" }", "the first pause is longer than the longest")]
    [InlineData("proof: \"X-S\"", "`proof` of service `scan` must be an array of strings")]
    [InlineData("proof: [\"X S\"]", "`X S` is not the name of a header")]
    [InlineData("verdict_headers: [\"X:\"]", "`X:` is not the name of a header")]
    [InlineData("peers: [\"10.0.0.0/33\"]", "`10.0.0.0/33` is not an address, a host name or a network")]
    [InlineData("preq_wait: 30", "`preq_wait` of service `scan` must be a string such as \"60s\"; it is 30")]
    [InlineData("preq_wait: \"0s\"", "`preq_wait` of service `scan`: `0s` is not a duration")]
    [InlineData("preq_wait: \"6m\"", "`preq_wait` of service `scan` is at most 5m: clients wait 10 minutes")]
    [InlineData("preq_wait: \"5m\", preq_late: \"drop\"", "`preq_late` of service `scan` is \"accept\" or \"tempfail\", not `drop`")]
    [InlineData("preq_late: true", "`preq_late` of service `scan` must be a string; it is true")]
    public async Task A_bad_value_is_an_error_that_names_key_and_service(string key, string message)
    {
        var errors = await _site.FindAsync(DiagnosticSeverity.Error, $"\nservice scan smtp = #{{ {key} }};\n#{{}}");

        Assert.Contains(errors, e => e.StartsWith("main.vsl:2:1: error: ", StringComparison.Ordinal) && e.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Options_that_are_no_map_are_an_error()
    {
        var errors = await _site.FindAsync(DiagnosticSeverity.Error, "service scan smtp = 5;\n#{}");

        Assert.Equal("main.vsl:1:1: error: service `scan`: the options must be a map", Assert.Single(errors));
    }

    [Theory]
    [InlineData("tempfail", false)]
    [InlineData("accept", true)]
    public async Task A_late_verdict_means_what_the_service_says(string late, bool accepts)
    {
        var settings = await ReadAsync(
            $"delegator: #{{ address: \"h:1\" }}, receiver: \"127.0.0.1:10025\", preq_wait: \"5m\", preq_late: \"{late}\",");

        Assert.Equal((TimeSpan.FromMinutes(5), accepts), (settings.PreqWait, settings.AcceptsLate));
    }

    [Fact]
    public async Task What_a_late_verdict_means_is_doubtful_where_nobody_waits_for_one()
    {
        var warnings = await _site.FindAsync(
            DiagnosticSeverity.Warning,
            "service scan smtp = #{ delegator: #{ address: \"h:1\" }, receiver: \"127.0.0.1:10025\", proof: [\"X-S\"], preq_late: \"accept\" };\n#{}");

        Assert.Equal("main.vsl:1:1: warning: `preq_late` of service `scan` has no effect without `preq_wait`", Assert.Single(warnings));
    }

    [Fact]
    public async Task Doubtful_keys_are_warned_of()
    {
        const string Main = """
            service scan smtp = #{
                delegator: #{ address: "127.0.0.1:10026", timout: "5s" },
                receiver: "127.0.0.1:10025",
                max_inflight: 5,
                xfoward: true,
                retry: #{ frist: "1s" },
            };
            #{}
            """;

        var warnings = await _site.FindAsync(DiagnosticSeverity.Warning, Main);

        Assert.Equal(
            [
                "main.vsl:1:1: warning: `delegator` of service `scan` has an unknown key `timout` (did you mean `timeout`?)",
                "main.vsl:1:1: warning: `retry` of service `scan` has an unknown key `frist` (did you mean `first`?)",
                "main.vsl:1:1: warning: service `scan` has an unknown key `max_inflight` (did you mean `max_in_flight`?)",
                "main.vsl:1:1: warning: service `scan` has an unknown key `xfoward` (did you mean `xforward`?)",
                "main.vsl:1:1: warning: service `scan` has no `proof`: a mail that comes back unscanned cannot be told from a clean one",
            ],
            warnings.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("service x cmd = #{ timeout: \"1s\" };", "service `x` has no key `command`")]
    [InlineData("service x cmd = #{ command: \"ls\" };", "service `x` has no key `timeout`")]
    [InlineData("service x cmd = #{ command: \"ls\", timeout: \"1 fortnight\" };", "`1 fortnight` is not a duration")]
    [InlineData("service x cmd = #{ command: \"\", timeout: \"1s\" };", "names no program")]
    [InlineData("service x cmd = #{ command: \"ls\", timeout: \"1s\", max_in_flight: 0 };", "`max_in_flight` of service `x` must be an integer from 1 to 1000")]
    [InlineData("service x db:csv = #{ connector: \"x\", access: \"O_RDWR\", refresh: \"no\", delimiter: ',' };", "the path must be absolute, and `x` is not")]
    [InlineData("service x db:sqlite = #{ connector: \"/x\", access: \"O_WRONLY\" };", "one of O_RDONLY, O_RDWR, not `O_WRONLY`")]
    [InlineData("service x db:sqlite = #{ connector: \"/x\", connections: 0 };", "`connections` of service `x` must be an integer from 1 to 100")]
    [InlineData("service x db:postgres = #{ url: \"mysql://h/d\" };", "`url` of service `x` must be \"postgres://user@host:port/database\"")]
    [InlineData("service x db:postgres = #{ url: \"postgres://h/d?ssl=maybe\" };", "there is no setting `ssl`")]
    [InlineData("service x db:postgres = #{ url: \"postgres://h/d\", password_file: \"secret\" };", "the path must be absolute, and `secret` is not")]
    [InlineData("service x db:postgres = #{ url: \"postgres://h/d\", password_file: \"/s\", password_env: \"S\" };", "has both `password_file` and `password_env`")]
    [InlineData("service x db:mysql = #{ url: \"mysql://h/d\" };", "databases are db:csv, db:sqlite and db:postgres")]
    [InlineData("service x db:csv = #{ connector: \"/x\", access: \"rw\", refresh: \"no\", delimiter: ',' };", "one of O_RDONLY, O_WRONLY, O_RDWR, not `rw`")]
    [InlineData("service x db:csv = #{ connector: \"/x\", access: \"O_RDWR\", refresh: \"no\", delimiter: \",\" };", "`delimiter` with one character")]
    public async Task Faults_of_other_kinds_are_found(string declaration, string message)
    {
        var errors = await _site.FindAsync(DiagnosticSeverity.Error, declaration + "\n#{}");

        Assert.Contains(message, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_has_a_text_and_an_address()
    {
        const string Service = "service scan smtp = #{ delegator: #{ address: \"h:1\" }, receiver: \"127.0.0.1:10025\" };";
        var log = new ListLog();

        var outcome = await _site.RunAsync(
            "log(\"info\", `${svc::scan} ${svc::scan.receiver_address}`); next()", Site.Transaction(log: log), Stage.Postq, ("svc.vsl", Service));

        Assert.Null(outcome.Failure);
        Assert.Equal("smtp 127.0.0.1:10025", Assert.Single(log.Lines).Text);
    }

    [Fact]
    public async Task A_service_that_keeps_the_original_and_has_no_headers_is_an_error_at_its_place()
    {
        const string Keys = "delegator: #{ address: \"h:1\" }, receiver: \"127.0.0.1:10025\", keep_original: true";
        var errors = await _site.FindAsync(DiagnosticSeverity.Error, $"\n  service scan smtp = #{{ {Keys} }};\n#{{}}");

        Assert.StartsWith("main.vsl:2:3: error: service `scan` has `keep_original`, so it needs `proof` or `verdict_headers`", Assert.Single(errors));
        await _site.LoadGoodAsync($"service scan smtp = #{{ {Keys}, verdict_headers: [\"X-S\"] }}; #{{}}");
    }

    [Theory]
    [InlineData("127.0.0.1:10025", "127.0.0.1:10025", true)]
    [InlineData("127.0.0.1:10025", "0.0.0.0:10025", true)]
    [InlineData("127.0.0.1:10025", "[::]:10025", true)]
    [InlineData("0.0.0.0:10025", "192.0.2.1:10025", true)]
    [InlineData("[::1]:10025", "0.0.0.0:10025", false)]
    [InlineData("127.0.0.1:10025", "127.0.0.2:10025", false)]
    [InlineData("127.0.0.1:10025", "127.0.0.1:10024", false)]
    public async Task A_receiver_needs_a_listener(string receiver, string listener, bool isServed)
    {
        var set = await _site.LoadGoodAsync(Delegating("192.0.2.99:10026", receiver));

        var found = RuleSetChecks.Check(set, [IPEndPoint.Parse("127.0.0.1:25"), IPEndPoint.Parse(listener)]);

        if (isServed) Assert.Empty(found);
        else Assert.Equal($"main.vsl:1:11: error: service `scan`: nothing listens on its receiver {receiver}; add it to `addr` in [server.interfaces]", Assert.Single(found).ToString());
    }

    [Theory]
    [InlineData("127.0.0.1:10025", true)]
    [InlineData("localhost:10025", true)]
    [InlineData("localhost:25", true)]
    [InlineData("127.0.0.1:25", true)]
    [InlineData("192.0.2.1:25", false)]
    [InlineData("192.0.2.1:10025", false)]
    [InlineData("127.0.0.1:10026", false)]
    [InlineData("av.example.com:25", false)]
    public async Task A_delegator_that_is_this_server_is_a_loop(string delegator, bool isLoop)
    {
        var set = await _site.LoadGoodAsync(Delegating(delegator, "127.0.0.1:10025"));

        var found = RuleSetChecks.Check(set, [IPEndPoint.Parse("0.0.0.0:25"), IPEndPoint.Parse("127.0.0.1:10025")]);

        if (isLoop) Assert.Contains($"its delegator {delegator} is this server itself", Assert.Single(found).Message, StringComparison.Ordinal);
        else Assert.Empty(found);
    }

    [Fact]
    public async Task A_service_that_nothing_uses_is_only_warned_of()
    {
        var set = await _site.LoadGoodAsync("service scan smtp = #{ delegator: #{ address: \"h:1\" }, receiver: \"127.0.0.1:10025\" }; #{}");

        Assert.Equal(DiagnosticSeverity.Warning, Assert.Single(RuleSetChecks.Check(set, [])).Severity);
    }

    private static string Delegating(string delegator, string receiver) =>
        $"const S = service scan smtp = #{{ delegator: #{{ address: \"{delegator}\" }}, receiver: \"{receiver}\" }};\n"
        + "#{ postq: [ delegate S \"a\" || next() ] }";

    private async Task<SmtpServiceSettings> ReadAsync(string keys)
    {
        var set = await _site.LoadGoodAsync($"service scan smtp = #{{ {keys} }};\n#{{}}");
        return Assert.Single(set.Services.Values);
    }
}
