using Vsmtp.Configuration.Versions;

namespace Vsmtp.Configuration.Tests;

public sealed class VersionRequirementTests
{
    [Theory]
    [InlineData("1.2.3", "1.2.3 1.9.0", "1.2.2 2.0.0 2.0.0-rc.1")]
    [InlineData("^1.2", "1.2.0 1.9.9", "1.1.9 2.0.0")]
    [InlineData("^0.2.3", "0.2.3 0.2.9", "0.2.2 0.3.0")]
    [InlineData("^0.0.3", "0.0.3", "0.0.4 0.0.2")]
    [InlineData("^0.0", "0.0.9", "0.1.0")]
    [InlineData("0", "0.0.0 0.9.9", "1.0.0")]
    [InlineData("~1.2.3", "1.2.3 1.2.9", "1.3.0 1.2.2")]
    [InlineData("~1", "1.0.0 1.9.9", "2.0.0 0.9.9")]
    [InlineData("=1.2", "1.2.0 1.2.9", "1.3.0 1.1.9")]
    [InlineData("1.2.*", "1.2.0 1.2.9", "1.3.0 1.1.9")]
    [InlineData("1.*", "1.0.0 1.9.0", "2.0.0")]
    [InlineData("*", "0.0.1 99.0.0", "1.0.0-rc.1")]
    [InlineData(">1.2", "1.3.0 2.0.0", "1.2.9 1.2.0")]
    [InlineData(">=1.0, <2.0", "1.0.0 1.99.0", "2.0.0 0.9.9 2.0.0-alpha")]
    [InlineData("<= 1.2", "1.2.9 0.1.0", "1.3.0")]
    [InlineData(">=1.0.0-rc.1", "1.0.0-rc.2 1.0.0-rc.1 1.0.0 3.0.0", "1.0.0-beta 1.1.0-rc.9")]
    [InlineData("=1.0.0-rc.1", "1.0.0-rc.1", "1.0.0 1.0.0-rc.2")]
    public void A_requirement_lets_in_what_it_says(string text, string inside, string outside)
    {
        Assert.True(VersionRequirement.TryParse(text, out var requirement));
        Assert.All(inside.Split(' '), v => Assert.True(requirement.Matches(Version(v)), $"{text} should let in {v}"));
        Assert.All(outside.Split(' '), v => Assert.False(requirement.Matches(Version(v)), $"{text} should keep out {v}"));
        Assert.Equal(text, requirement.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData(">=1.0,")]
    [InlineData("one")]
    [InlineData("1.2.3.4")]
    [InlineData("01.2")]
    [InlineData(">=1.*")]
    [InlineData("1.2-rc.1")]
    [InlineData("=>1")]
    [InlineData("99999999999.0.0")]
    public void Anything_else_is_none(string text) => Assert.False(VersionRequirement.TryParse(text, out _));

    [Fact]
    public void Versions_are_ordered_as_semantic_versioning_says()
    {
        string[] order = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.10.0", "2.0.0"];
        Assert.Equal(order, order.Reverse().Select(Version).Order().Select(v => v.ToString()));
        Assert.Equal(0, Version("1.0.0+build.5").CompareTo(Version("1.0.0")));
    }

    private static SemanticVersion Version(string text)
    {
        Assert.True(SemanticVersion.TryParse(text, out var version), text);
        return version;
    }
}
