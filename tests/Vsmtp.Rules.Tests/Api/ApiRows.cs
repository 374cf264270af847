namespace Vsmtp.Rules.Tests.Api;

/// <summary>The rows of the table test, in the order of the reference.</summary>
internal static class ApiRows
{
    private const string Services = "service c cmd = #{ timeout: \"60s\", command: \"true\" };";

    public static IReadOnlyList<ApiRow> All { get; } =
    [
        new("ctx/0", "", "MailContext"),
        new("msg/0", "", "Message"),
        new("srv/0", "", "Server"),
        new("next/0", "", "next"),
        new("accept/0", "", "accept"),
        new("accept/1", "\"250 fine\"", "accept"),
        new("accept/1", "\"550 no\"", "error: accept: `550 no` tells the client that it is refused"),
        new("faccept/0", "", "faccept"),
        new("faccept/1", "\"250 fine\"", "faccept"),
        new("deny/0", "", "deny"),
        new("deny/1", "code554_7_1", "deny"),
        new("deny/1", "\"250 fine\"", "error: deny: `250 fine` tells the client that it is accepted"),
        new("info/1", "\"450 later\"", "info"),
        new("info/1", "5", "error: info: `5` is not a reply code"),
        new("quarantine/1", "\"virus/q\"", "quarantine"),
        new("quarantine/1", "\"../q\"", "error: `../q` cannot be the name of a quarantine"),
        new("packet/1", "\"secret\"", "packet"),
        new("client_address/0", "", "\"192.0.2.7:40001\""),
        new("client_ip/0", "", "\"192.0.2.7\""),
        new("client_port/0", "", "40001"),
        new("server_address/0", "", "\"[2001:db8::25]:25\""),
        new("server_ip/0", "", "\"2001:db8::25\""),
        new("server_port/0", "", "25"),
        new("connection_timestamp/0", "", "2026-03-04T05:06:07.0000000+00:00"),
        new("server_name/0", "", "\"testserver.com\""),
        new("is_secured/0", "", "false"),
        new("tls_version/0", "", "\"\""),
        new("tls_cipher/0", "", "\"\""),
        new("helo/0", "", "\"client.example.com\""),
        new("mail_from/0", "", "john.doe@example.com"),
        new("rcpt/0", "", "blue@elsewhere.net"),
        new("rcpt_list/0", "", "[green@example.com, blue@elsewhere.net]"),
        new("mail_timestamp/0", "", "2026-03-04T05:06:09.0000000+00:00"),
        new("message_id/0", "", "\"0123456789abcdef\""),
        new("new_address/1", "\"A@b.ORG\"", "A@b.org"),
        new("new_address/1", "\"b.org\"", "error: invalid type conversion expected a mail address, got `b.org`"),
        new("address.get_local_part/0", "", "\"john.doe\"") { Receiver = "mail_from()" },
        new("address.get_domain/0", "", "\"example.com\"") { Receiver = "mail_from()" },
        new("get_local_parts/1", "rcpt_list()", "[green, blue]"),
        new("get_local_parts/1", "[mail_from()]", "[john.doe]"),
        new("get_domains/1", "rcpt_list()", "[example.com, elsewhere.net]"),
        new("get_domains/1", "[5]", "error: get_domains: a list of addresses is needed, not [5]"),
        new("recipients.map/1", "|r| r.domain", "[\"example.com\", \"elsewhere.net\"]") { Receiver = "rcpt_list()" },
        new("recipients.filter/1", "|r| r.local_part == \"blue\"", "[blue@elsewhere.net]") { Receiver = "rcpt_list()" },
        new("recipients.some/1", "|r| r.local_part == \"blue\"", "true") { Receiver = "rcpt_list()" },
        new("recipients.all/1", "|r| r.local_part == \"blue\"", "false") { Receiver = "rcpt_list()" },
        new("rewrite_mail_from_envelop/1", "\"a@b.org\"", "() | envelope: a@b.org: green@example.com blue@elsewhere.net"),
        new("rewrite_rcpt_envelop/2", "\"green@example.com\", \"a@b.org\"", "() | envelope: john.doe@example.com: a@b.org blue@elsewhere.net"),
        new("rewrite_rcpt_envelop/2", "\"x@y.org\", \"a@b.org\"", "() | envelope: john.doe@example.com: green@example.com blue@elsewhere.net a@b.org"),
        new("envelop::rw_rcpt/2", "\"green@example.com\", \"a@b.org\"", "() | envelope: john.doe@example.com: blue@elsewhere.net a@b.org"),
        new("envelop::rw_rcpt/2", "\"x@y.org\", \"a@b.org\"", "error: the recipient `x@y.org` is not in the envelope"),
        new("add_rcpt_envelop/1", "new_address(\"a@b.org\")", "() | envelope: john.doe@example.com: green@example.com blue@elsewhere.net a@b.org"),
        new("bcc/1", "\"a@b.org\"", "() | envelope: john.doe@example.com: green@example.com blue@elsewhere.net a@b.org"),
        new("remove_rcpt_envelop/1", "\"green@example.com\"", "() | envelope: john.doe@example.com: blue@elsewhere.net"),
        new("has_header/1", "\"SUBJECT\"", "true"),
        new("get_header/1", "\"to\"", "\"a@x.org, B <b@y.org>\""),
        new("get_header/1", "\"X-None\"", "\"\""),
        new("get_headers/2", "\"subject\", 1", "[\"Subject:hello\"]"),
        new("get_all_headers/0", "", "[\"Subject: hello\", \"To: a@x.org,\\r\\n B <b@y.org>\", \"From: me@here.org\"]"),
        new("get_all_headers/1", "\"subject\"", "[\"hello\"]"),
        new("msg::get_header_untouched/1", "\"to\"", "[\"To: a@x.org,\\r\\n B <b@y.org>\"]"),
        new("count_header/1", "\"subject\"", "1"),
        new("append_header/2", "\"X-A\", \"1\"", "() | headers: Subject: hello|To: a@x.org,| B <b@y.org>|From: me@here.org|X-A: 1||"),
        new("prepend_header/2", "\"X-A\", rcpt()", "() | headers: X-A: blue@elsewhere.net|Subject: hello|To: a@x.org,| B <b@y.org>|From: me@here.org||"),
        new("prepend_header/2", "\"X-A\", \"1\\r\\nBcc: x@y.org\"", "error: the value of the header `X-A` has a line break"),
        new("set_header/2", "\"to\", \"x@y.org\"", "() | headers: Subject: hello|to: x@y.org|From: me@here.org||"),
        new("rename_header/2", "\"To\", \"X-To\"", "() | headers: Subject: hello|X-To: a@x.org,| B <b@y.org>|From: me@here.org||"),
        new("remove_header/1", "\"to\"", "true | headers: Subject: hello|From: me@here.org||"),
        new("mail/0", "", "\"Subject: hello\\r\\nTo: a@x.org,\\r\\n B <b@y.org>\\r\\nFrom: me@here.org\\r\\n\\r\\nthe body\\r\\n\""),
        new("mail/0", "", "\"To: a@x.org,\\r\\n B <b@y.org>\\r\\nFrom: me@here.org\\r\\n\\r\\nthe body\\r\\n\" | headers: To: a@x.org,| B <b@y.org>|From: me@here.org||")
        {
            Before = "remove_header(\"Subject\");",
        },
        new("rewrite_mail_from_message/1", "\"a@b.org\"", "() | headers: Subject: hello|To: a@x.org,| B <b@y.org>|From: a@b.org||"),
        new("rewrite_mail_from/1", "\"a@b.org\"",
            "() | envelope: a@b.org: green@example.com blue@elsewhere.net | headers: Subject: hello|To: a@x.org,| B <b@y.org>|From: a@b.org||"),
        new("rewrite_rcpt_message/2", "\"b@y.org\", \"c@d.org\"", "() | headers: Subject: hello|To: a@x.org,| B <c@d.org>|From: me@here.org||"),
        new("add_rcpt_message/1", "\"c@d.org\"", "() | headers: Subject: hello|To: a@x.org,| B <b@y.org>, c@d.org|From: me@here.org||"),
        new("remove_rcpt_message/1", "\"a@x.org\"", "() | headers: Subject: hello|To: B <b@y.org>|From: me@here.org||"),
        new("remove_rcpt_message/1", "\"x.org\"", "error: invalid type conversion expected a mail address"),
        new("deliver/1", "rcpt()", "()"),
        new("deliver/1", "\"a@b.org\"", "error: the recipient `a@b.org` is not in the envelope"),
        new("deliver_all/0", "", "()"),
        new("forward/2", "rcpt(), \"[2001:db8::1]:2525\"", "() | transports: Deliver, Forward [2001:db8::1]:2525"),
        new("forward/2", "rcpt(), \"a b\"", "error: `a b` cannot be forwarded to"),
        new("lookup/1", "\"b.org\"", "[\"192.0.2.1\", \"2001:db8::1\"]"),
        new("lookup/1", "\"nowhere.org\"", "error: `nowhere.org` does not exist in DNS"),
        new("lookup/1", "\"broken.org\"", "error: `broken.org` cannot be looked up for now"),
        new("rlookup/1", "\"192.0.2.1\"", "[\"b.org\"]"),
        new("check_null_mx_sender/0", "", "next"),
        new("rlookup/1", "\"192.0.2.300\"", "error: invalid type conversion expected an IP address, got `192.0.2.300`"),
        new("forward_all/1", "\"example.org\"", "() | transports: Forward example.org, Forward example.org"),
        new("mbox/1", "rcpt()", "() | transports: Deliver, Mbox"),
        new("mbox_all/0", "", "() | transports: Mbox, Mbox"),
        new("maildir/1", "rcpt()", "() | transports: Deliver, Maildir"),
        new("maildir_all/0", "", "() | transports: Maildir, Maildir"),
        new("disable_delivery/1", "rcpt()", "() | transports: Deliver, None"),
        new("disable_delivery_all/0", "", "() | transports: None, None"),
        new("delegation/0", "", "error: `delegation` can be read in the handlers"),
        new("delegations/0", "", "error: `delegations` can be read in the handlers"),
        new("write/1", "\"out/of\"", "() | files: out/of/0123456789abcdef.eml"),
        new("write/1", "\"../out\"", "error: write: `../out` is not a folder below `app.dirpath`"),
        new("dump/1", "\"out\"", "() | files: out/0123456789abcdef.json"),
        new("dump/1", "\"/etc\"", "error: dump: `/etc` is not a folder below `app.dirpath`"),
        new("log/2", "\"warn\", \"text\"", "() | log: Warn text"),
        new("in_domain/1", "mail_from()", "true"),
        new("get_root_domain/1", "\"mail.example.co.uk\"", "\"example.co.uk\""),
        new("user_exist/1", "\"root\"", "true"),
        new("hostname/0", "", $"\"{System.Net.Dns.GetHostName()}\""),
        new("env/1", "\"VSMTP_NO_SUCH_VARIABLE\"", "()"),
        new("env/1", "\"PATH\"", $"\"{Environment.GetEnvironmentVariable("PATH")}\""),
        new("date/0", "", "\"2026-03-04\""),
        new("time/0", "", "\"05:06:07\""),
        new("is_authenticated/0", "", "false"),
        new("auth/0", "", "error: auth: the client has not authenticated in the stage `postq`"),
        new("authenticate/0", "", "deny"),
        new("check_mail_relay/1", "[\"192.0.2.7\"]", "next"),
        new("check_mail_relay/1", "[]", "deny"),
        new("check_rcpt_relay/1", "[]", "info | envelope: john.doe@example.com: green@example.com"),
        new("ip4/1", "\"192.0.2.1\"", "192.0.2.1"),
        new("ip4/1", "\"192.0.2\"", "error: ip4: `192.0.2` is not an IPv4 address"),
        new("ip6/1", "\"2001:db8::1\"", "2001:db8::1"),
        new("rg4/1", "\"192.0.2.0/24\"", "192.0.2.0/24"),
        new("rg6/1", "\"2001:db8::/32\"", "2001:db8::/32"),
        new("fqdn/1", "\"example.org\"", "example.org"),
        new("address/1", "\"a@b.org\"", "a@b.org"),
        new("identifier/1", "\"john\"", "john"),
        new("regex/1", "\"^a+$\"", "^a+$"),
        new("regex/1", "\"(\"", "error: regex: `(` is not a regular expression"),
        new("file/2", "\"/lists/domains\", \"fqdn\"", "[example.org, example.net]") { IsLoading = true },
        new("file/2", "\"/lists/domains\", \"fqdn\"", "error: file: `/lists/domains` was not read when the rules were loaded"),
        new("file/2", "\"/lists/domains\", \"group\"", "error: file: `group` is not what a line can be"),
        new("code/1", "\"554 5.7.1 no\"", "554 5.7.1 no"),
        new("code/2", "250, \"Ok\"", "250 Ok"),
        new("code/3", "501, \"5.1.7\", \"Bad sender\"", "501 5.1.7 Bad sender"),
        new("code/3", "5, \"5.1.7\", \"Bad sender\"", "error: code: 5 is not a reply code"),
        // With a name the compiler makes them: see ServiceCallTests.
        new("smtp::connect/1", "#{}", "error: a service needs a name") { IsPartOfMore = true },
        new("cmd::build/1", "#{}", "error: a service needs a name") { IsPartOfMore = true },
        .. ServiceMethods(),
        .. Later(),
    ];

    private static IEnumerable<ApiRow> Later()
    {
        (string Function, string Arguments, string Part)[] rows =
        [
            ("check_spf/1", "\"none\"", "SPF"), ("check_spf/2", "\"none\", \"soft\"", "SPF"), ("spf::check_raw/0", "", "SPF"),
            ("verify_dkim/0", "", "DKIM"), ("sign_dkim/1", "\"s\"", "DKIM"), ("sign_dkim/3", "\"s\", [], \"simple\"", "DKIM"),
            ("dkim_sign/2", "\"s\", []", "DKIM"), ("dkim::sign/1", "#{}", "DKIM"), ("dkim::has_result/0", "", "DKIM"),
            ("dkim::result/0", "", "DKIM"), ("dkim::store/1", "#{}", "DKIM"), ("dkim::get_private_keys/1", "\"b.org\"", "DKIM"),
            ("check_dmarc/0", "", "DMARC"),
            ("send_mail/4", "\"a@b.org\", [], \"x\", \"y\"", "sending mails from rules"),
        ];
        foreach (var (function, arguments, part) in rows)
        {
            yield return new ApiRow(function, arguments, $"error: `{function[..function.IndexOf('/', StringComparison.Ordinal)]}` is built later, with {part}");
        }
    }

    /// <summary>What they do on a service of their kind is in the folder Services; here every name reaches its function.</summary>
    private static IEnumerable<ApiRow> ServiceMethods()
    {
        (string Function, string Arguments, string Kind)[] rows =
        [
            ("get/1", "\"k\"", "db:csv"), ("set/1", "[]", "db:csv"), ("rm/1", "\"k\"", "db:csv"),
            ("query/1", "\"q\"", "db:sqlite or db:postgres"), ("query/2", "\"q\", []", "db:sqlite or db:postgres"),
            ("execute/1", "\"q\"", "db:sqlite or db:postgres"), ("execute/2", "\"q\", []", "db:sqlite or db:postgres"),
        ];
        foreach (var (function, arguments, kind) in rows)
        {
            yield return new ApiRow($"service.{function}", arguments, $"error: `{function[..^2]}` needs a service of kind {kind}, and `c` is of kind cmd")
            {
                Top = Services, Receiver = "global::c",
            };
        }

        yield return new ApiRow("service.run/0", "", "exit status: 0") { Top = Services, Receiver = "global::c" };
        yield return new ApiRow("service.run/1", "[\"x\"]", "exit status: 0") { Top = Services, Receiver = "global::c" };
        yield return new ApiRow("result.has_code/0", "", "true") { Top = Services, Receiver = "global::c.run()" };
        yield return new ApiRow("result.code/0", "", "0") { Top = Services, Receiver = "global::c.run()" };
        yield return new ApiRow("result.has_signal/0", "", "false") { Top = Services, Receiver = "global::c.run()" };
        yield return new ApiRow("result.signal/0", "", "error: ") { Top = Services, Receiver = "global::c.run()" };
    }
}
