using System.Collections.Immutable;

namespace Vsmtp.Rules.Tests;

public sealed class ResumePointTests
{
    private const string Services = """
        service scanner smtp = #{ delegator: #{ address: "127.0.0.1:1", timeout: "2s" }, receiver: "127.0.0.1:2" };
        service archive smtp = #{ delegator: #{ address: "127.0.0.1:3", timeout: "2s" }, receiver: "127.0.0.1:4" };

        """;

    [Theory]
    [InlineData("#{ postq: [ delegate scanner \"scan\" || next() ] }", null)]
    [InlineData("#{ postq: [ rule \"first\" || next(), delegate scanner \"scan\" || quarantine(\"q\") ] }", null)]
    [InlineData("#{ postq: [ delegate scanner \"look\" || next() ] }", "have no directive \"scan\"")]
    [InlineData("#{ delivery: [ delegate scanner \"scan\" || next() ] }", "have \"scan\" in the stage delivery and not in postq")]
    [InlineData("#{ postq: [ rule \"scan\" || next() ] }", "have \"scan\", but it does not delegate")]
    [InlineData("#{ postq: [ delegate archive \"scan\" || next() ] }", "have \"scan\" for archive and not for scanner")]
    public async Task A_mail_goes_on_under_other_rules_at_a_delegate_of_the_same_name_in_the_same_stage_for_the_same_service(string rules, string? whyNot)
    {
        var set = await new Site().LoadGoodAsync(Services + rules);
        Assert.Equal(whyNot, new ResumePoint("postq", "scan", ["scanner"]).WhyNotUnder(set));
    }

    [Fact]
    public async Task Where_the_services_are_not_known_name_and_stage_decide()
    {
        var set = await new Site().LoadGoodAsync(Services + "#{ postq: [ delegate archive \"scan\" || next() ] }");
        Assert.Null(new ResumePoint("postq", "scan", ImmutableArray<string>.Empty).WhyNotUnder(set));
    }
}
