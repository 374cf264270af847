using Vsmtp.Mail.Addresses;

namespace Vsmtp.Rules.Tests;

public sealed class RelayTests
{
    private readonly Site _site = new();

    [Theory]
    [InlineData("john.doe@example.com", "10.0.0.0/8", false, "Deny 554 5.7.1 Relay access denied")]
    [InlineData("john.doe@example.com", "192.0.2.0/24", false, "Next ")]
    [InlineData("john.doe@example.com", "10.0.0.0/8", true, "Next ")]
    [InlineData("foreign@elsewhere.net", "10.0.0.0/8", false, "Next ")]
    public async Task A_sender_of_ours_comes_from_a_host_or_user_of_ours(string sender, string network, bool isAuthenticated, string expected)
    {
        var context = Site.Transaction();
        context.Sender = new ReversePath(MailAddress.Parse(sender));
        context.IsAuthenticated = isAuthenticated;

        var outcome = await _site.RunAsync($"object n rg4 = \"{network}\"; object g group = [ n ]; check_mail_relay(g)", context, Stage.Mail);

        Assert.Null(outcome.Failure);
        Assert.Equal(expected, $"{outcome.Status} {outcome.Reply}");
    }

    [Theory]
    [InlineData("blue@elsewhere.net", "10.0.0.0/8", false, "Info 554 5.7.1 Relay access denied", 1)]
    [InlineData("blue@elsewhere.net", "192.0.2.0/24", false, "Next ", 2)]
    [InlineData("blue@elsewhere.net", "10.0.0.0/8", true, "Next ", 2)]
    [InlineData("blue@other.org", "10.0.0.0/8", false, "Next ", 2)]
    public async Task A_recipient_elsewhere_is_for_hosts_and_users_of_ours(
        string recipient, string network, bool isAuthenticated, string expected, int left)
    {
        var context = Site.Transaction();
        context.Recipients[1] = new RuleRecipient(MailAddress.Parse(recipient));
        context.IsAuthenticated = isAuthenticated;

        var outcome = await _site.RunAsync($"object n rg4 = \"{network}\"; check_rcpt_relay([ n ])", context, Stage.Rcpt);

        Assert.Null(outcome.Failure);
        Assert.Equal((expected, left), ($"{outcome.Status} {outcome.Reply}", context.Recipients.Count));
        Assert.Equal("green@example.com", context.Recipients[0].Address.ToString());
    }

    [Fact]
    public async Task The_null_sender_may_always_send()
    {
        var context = Site.Transaction();
        context.Sender = ReversePath.Null;

        Assert.Equal(RuleStatusKind.Next, (await _site.RunAsync("check_mail_relay([])", context, Stage.Mail)).Status);
    }

    [Fact]
    public async Task Hosts_may_be_texts()
    {
        var outcome = await _site.RunAsync("check_rcpt_relay([\"192.0.2.7\"])", Site.Transaction(), Stage.Rcpt);

        Assert.Equal(RuleStatusKind.Next, outcome.Status);
    }

    [Theory]
    [InlineData("check_mail_relay(5)", Stage.Mail)]
    [InlineData("check_rcpt_relay(\"192.0.2.7\")", Stage.Rcpt)]
    public async Task Hosts_that_are_no_group_are_an_error(string call, Stage stage)
    {
        var outcome = await _site.RunAsync(call, Site.Transaction(), stage);

        Assert.Contains("must be a group or an array", outcome.Failure?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check_mail_relay([])", "mail_from")]
    [InlineData("check_rcpt_relay([])", "rcpt")]
    public async Task Asked_too_early_they_name_the_field(string call, string field)
    {
        var outcome = await _site.RunAsync(call, Site.Connection(), Stage.Connect);

        Assert.Contains($"`{field}` is not defined", outcome.Failure?.Message, StringComparison.Ordinal);
    }
}
