namespace Vsmtp.Rules.Tests;

/// <summary>What rules can say, and what is refused because it would lie to the client.</summary>
public sealed class StatusTests
{
    private readonly Site _site = new();

    [Theory]
    [InlineData("next()", RuleStatusKind.Next, null)]
    [InlineData("next();", RuleStatusKind.Next, null)]
    [InlineData("accept()", RuleStatusKind.Accept, null)]
    [InlineData("accept(\"250 2.1.0 fine\")", RuleStatusKind.Accept, "250 2.1.0 fine")]
    [InlineData("faccept()", RuleStatusKind.ForceAccept, null)]
    [InlineData("faccept(\"250 text\")", RuleStatusKind.ForceAccept, "250 text")]
    [InlineData("deny()", RuleStatusKind.Deny, null)]
    [InlineData("deny(\"501 4.7.1 no\")", RuleStatusKind.Deny, "501 4.7.1 no")]
    [InlineData("deny(code554_7_1)", RuleStatusKind.Deny, "554 5.7.1 Relay access denied")]
    [InlineData("object c code = #{ code: 501, enhanced: \"4.7.1\", text: \"no\" }; deny(c)", RuleStatusKind.Deny, "501 4.7.1 no")]
    [InlineData("object c code = `250 ${helo()}`; info(c)", RuleStatusKind.Info, "250 client.example.com")]
    [InlineData("info(\"250 two\\nlines\")", RuleStatusKind.Info, "250 two\r\nlines")]
    [InlineData("return accept(); deny()", RuleStatusKind.Accept, null)]
    public async Task A_rule_gives_a_status(string body, RuleStatusKind status, string? reply)
    {
        var outcome = await _site.RunAsync(body, Site.Transaction(), Stage.Mail);

        Assert.Null(outcome.Failure);
        Assert.Equal(status, outcome.Status);
        Assert.Equal(reply, outcome.Reply?.ToString());
    }

    [Theory]
    [InlineData("virus_q")]
    [InlineData("virus/2026-03/a.b+c@d")]
    public async Task A_quarantine_has_a_name_and_leaves_the_transports_alone(string name)
    {
        var context = Site.Transaction();

        var outcome = await _site.RunAsync($"maildir_all(); quarantine(\"{name}\")", context);

        Assert.Equal((RuleStatusKind.Quarantine, name), (outcome.Status, outcome.Quarantine));
        Assert.All(context.Recipients, r => Assert.Equal(RuleTransport.Maildir, r.Transport));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/../b")]
    [InlineData("/etc")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData(".hidden")]
    [InlineData("a b")]
    [InlineData("a\\\\b")]
    [InlineData("a\\nb")]
    [InlineData("caf\u00e9")]
    public async Task A_name_that_is_not_safe_as_a_path_is_refused(string name)
    {
        var outcome = await _site.RunAsync($"quarantine(\"{name}\")", Site.Transaction());

        Assert.Contains("cannot be the name of a quarantine", outcome.Failure?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deny(5)", "is not a reply code")]
    [InlineData("deny(\"no\")", "is not a reply")]
    [InlineData("deny(\"250 ok\")", "tells the client that it is accepted")]
    [InlineData("accept(\"451 later\")", "tells the client that it is refused")]
    [InlineData("faccept(code550_7_23)", "tells the client that it is refused")]
    [InlineData("info(\"1000 x\")", "1000 is not a reply code")]
    [InlineData("deny(\"550 a\\x00b\")", "no control characters")]
    public async Task A_bad_code_is_an_error(string body, string message)
    {
        var outcome = await _site.RunAsync(body, Site.Transaction(), Stage.Mail);

        Assert.Contains(message, outcome.Failure?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Stage.Preq, "info(\"250 ok\")", true)]
    [InlineData(Stage.Preq, "info(\"354 go\")", true)]
    [InlineData(Stage.Preq, "info(\"500 bad\")", false)]
    [InlineData(Stage.Rcpt, "info(\"250 ok\")", true)]
    [InlineData(Stage.Rcpt, "info(\"354 go\")", true)]
    [InlineData(Stage.Rcpt, "info(\"500 bad\")", false)]
    public async Task No_info_may_tell_the_client_that_a_dropped_recipient_or_mail_is_taken(Stage stage, string body, bool isRefused)
    {
        var outcome = await _site.RunAsync(body, Site.Transaction(), stage);

        Assert.Equal(isRefused, outcome.Failure is not null);
        Assert.Equal(isRefused ? RuleStatusKind.Deny : RuleStatusKind.Info, outcome.Status);
    }

    [Theory]
    [InlineData("next() == next()", "true")]
    [InlineData("next() is next()", "true")]
    [InlineData("accept() == next()", "false")]
    [InlineData("accept() not next()", "true")]
    [InlineData("deny() == deny()", "true")]
    [InlineData("deny(\"501 a\") == deny(\"502 a\")", "false")]
    [InlineData("deny(\"501 a\") == deny(\"501 a\")", "true")]
    [InlineData("quarantine(\"a\") == quarantine(\"b\")", "false")]
    [InlineData("next() == \"next\"", "false")]
    [InlineData("next().to_string()", "next")]
    [InlineData("faccept().to_debug()", "faccept")]
    [InlineData("`${quarantine(\"x\")} ${info(\"250 x\")} ${deny()} ${accept()}`", "quarantine info deny accept")]
    public async Task Statuses_compare_and_print(string script, string text) => Assert.Equal(text, await _site.EvalAsync(script));
}
