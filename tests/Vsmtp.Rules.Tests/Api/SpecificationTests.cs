using Vsmtp.Vsl;

namespace Vsmtp.Rules.Tests.Api;

/// <summary>The names of vSMTP 1.x and 2.x as sites have them in their scripts, written down here and not taken from our table.</summary>
public sealed class SpecificationTests
{
    internal const string Earlier = """
        ctx/0 srv/0 msg/0 next/0 accept/0 accept/1 faccept/0 faccept/1 deny/0 deny/1 info/1 quarantine/1 packet/1
        client_address/0 client_ip/0 client_port/0 server_address/0 server_ip/0 server_port/0 connection_timestamp/0 server_name/0 is_secured/0
        is_authenticated/0 auth/0 helo/0 mail_from/0 rcpt/0 rcpt_list/0 mail_timestamp/0 message_id/0
        rewrite_mail_from_envelop/1 rewrite_rcpt_envelop/2 add_rcpt_envelop/1 remove_rcpt_envelop/1 bcc/1 rewrite_mail_from/1
        rewrite_rcpt/2 add_rcpt/1 remove_rcpt/1 rewrite_to/2 add_to/1 remove_to/1 new_address/1 get_local_parts/1 get_domains/1
        has_header/1 get_header/1 get_headers/2 get_all_headers/0 get_all_headers/1 count_header/1 append_header/2 prepend_header/2 set_header/2
        rename_header/2 remove_header/1 mail/0 rewrite_mail_from_message/1 rewrite_rcpt_message/2 add_rcpt_message/1 remove_rcpt_message/1
        deliver/1 deliver_all/0 forward/2 forward_all/1 mbox/1 mbox_all/0 maildir/1 maildir_all/0 disable_delivery/1 disable_delivery_all/0
        write/1 dump/1 log/2 print/1 user_exist/1 hostname/0 date/0 time/0 in_domain/1 lookup/1 rlookup/1 send_mail/4 get_root_domain/1 env/1
        check_null_mx_sender/0 check_mail_relay/1 check_rcpt_relay/1 check_spf/1 check_spf/2 dkim_verify/0 verify_dkim/0 dkim_sign/2 sign_dkim/1
        sign_dkim/3 check_dmarc/0 authenticate/0
        """;

    internal const string Newer = """
        state::next/0 state::accept/0 state::accept/1 state::faccept/0 state::faccept/1 state::deny/0 state::deny/1 state::quarantine/1 state::info/1
        ctx::client_address/0 ctx::client_ip/0 ctx::client_port/0 ctx::server_address/0 ctx::server_ip/0 ctx::server_port/0
        ctx::connection_timestamp/0 ctx::server_name/0 ctx::is_secured/0 auth::is_authenticated/0 auth::credentials/0 ctx::helo/0 ctx::mail_from/0
        ctx::rcpt/0 ctx::rcpt_list/0 ctx::mail_timestamp/0 ctx::message_id/0
        envelop::rw_mail_from/1 envelop::rw_rcpt/2 envelop::add_rcpt/1 envelop::rm_rcpt/1 envelop::bcc/1
        msg::has_header/1 msg::get_header/1 msg::get_all_headers/0 msg::get_all_headers/1 msg::get_header_untouched/1 msg::count_header/1
        msg::append_header/2 msg::prepend_header/2 msg::set_header/2 msg::rename_header/2 msg::rm_header/1 msg::mail/0 msg::rw_mail_from/1
        msg::rw_rcpt/2 msg::add_rcpt/1 msg::rm_rcpt/1
        transport::deliver/1 transport::deliver_all/0 transport::forward/2 transport::forward_all/1 transport::mbox/1 transport::mbox_all/0
        transport::maildir/1 transport::maildir_all/0 fs::write/1 fs::dump/1 logging::log/2 unix::user_exist/1 unix::hostname/0 time::date/0
        time::now/0 dns::lookup/1 dns::rlookup/1 utils::get_root_domain/1 utils::env/1 unix::env/1 auth::unix_users/0
        spf::check/1 spf::check/2 spf::check_raw/0 dkim::verify/0 dkim::has_result/0 dkim::result/0 dkim::store/1 dkim::sign/1
        dkim::get_private_keys/1 dmarc::check/0
        code::c554_7_1/0 code::c550_7_20/0 code::c550_7_21/0 code::c550_7_22/0 code::c550_7_23/0 code::c550_7_24/0 code::c550_7_25/0
        code::c550_7_26/0 code::c550_7_27/0 code::c556_1_10/0 code::c451_7_1/0 code::c451_3_0/0 code::c550_1_1/0
        net::rg_192/0 net::rg_172/0 net::rg_10/0 net::non_routable/0
        obj::ip4/1 obj::ip6/1 obj::rg4/1 obj::rg6/1 obj::fqdn/1 obj::address/1 obj::regex/1 obj::identifier/1 obj::file/2 obj::code/1 obj::code/2
        obj::code/3 smtp::connect/1 cmd::build/1 ip4/1 ip6/1 rg4/1 rg6/1 fqdn/1 address/1 regex/1 identifier/1 file/2 code/1 code/2
        code/3
        """;

    /// <summary>Methods of values: of addresses, services and ended commands.</summary>
    internal const string OnValues = """
        get_local_part/0 get_domain/0 cmd_run/0 cmd_run/1 run/0 run/1 get/1 set/1 rm/1 db_query/1 db_add/1 db_rm/1 query/1
        has_code/0 code/0 has_signal/0 signal/0
        """;

    /// <summary>Those whose receiver in <c>sys::</c> and in method style is the context, and the message.</summary>
    private const string OnContext = "client_ip/0 rcpt_list/0 rewrite_rcpt_envelop/2 add_rcpt/1 forward_all/1 check_mail_relay/1 rewrite_mail_from/1 write/1";
    private const string OnMessage = "has_header/1 set_header/2 get_headers/2 mail/0 add_to/1 rewrite_mail_from_message/1 rewrite_mail_from/1 write/1";

    [Theory]
    [InlineData(Earlier, "", "")]
    [InlineData(Newer, "", "")]
    [InlineData(OnValues, "x.", "")]
    [InlineData("get_local_parts/0 get_domains/0", "x.", "")]
    [InlineData(OnContext, "ctx().", "")]
    [InlineData(OnContext, "sys::", "ctx()")]
    [InlineData(OnMessage, "msg().", "")]
    [InlineData(OnMessage, "sys::", "msg()")]
    [InlineData("has_header/1", "sys::", "msg()")]
    public async Task Every_name_is_known_with_its_count(string names, string prefix, string first)
    {
        var calls = names.Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries).Select(name => Call(name, prefix, first)).ToList();
        var result = await new Site().LoadAsync($"fn never(x) {{\n{string.Join(";\n", calls)};\n}}\n#{{}}");

        Assert.NotNull(result.Set);
        Assert.DoesNotContain(result.Diagnostics, d => !d.Message.Contains("is built later", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_that_is_none_is_told_with_the_one_that_was_meant()
    {
        var warnings = await new Site().FindAsync(
            DiagnosticSeverity.Warning, "fn never() { ctx::client_ipp(); state::acept(); envelop::add_rcpt(); rewrite_mail_form(1) } fn of(x) { x.get_domane() } #{}");

        Assert.Collection(
            warnings,
            w => Assert.Contains("'ctx' has no 'client_ipp' that takes 0 arguments; did you mean 'client_ip'?", w, StringComparison.Ordinal),
            w => Assert.Contains("did you mean 'accept'?", w, StringComparison.Ordinal),
            w => Assert.Contains("'envelop' has no 'add_rcpt' that takes 0 arguments", w, StringComparison.Ordinal),
            w => Assert.Contains("did you mean 'rewrite_mail_from'?", w, StringComparison.Ordinal),
            w => Assert.Contains("did you mean 'get_domain'?", w, StringComparison.Ordinal));
    }

    private static string Call(string name, string prefix, string first)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var arguments = Enumerable.Repeat("5", name[slash + 1] - '0');
        return $"{prefix}{name[..slash]}({string.Join(", ", first.Length > 0 ? arguments.Prepend(first) : arguments)})";
    }
}
