using Vsmtp.Vsl;

namespace Vsmtp.Rules.Tests;

/// <summary>Patterns that take other engines for ever: matched in time linear in the text, or refused when rules are loaded.</summary>
public sealed class HostilePatternTests
{
    private readonly Site _site = new();

    [Theory]
    [InlineData("^(a+)+$")]
    [InlineData("^(a|a)*$")]
    [InlineData("^(a|aa)+$")]
    [InlineData("^(.*?,){11}P")]
    [InlineData("(x+x+)+y")]
    public async Task A_pattern_that_explodes_elsewhere_answers(string pattern)
    {
        var answer = await _site.EvalAsync($"object p regex = \"{pattern}\"; let s = \"a\"; while s.len < 20000 {{ s += s; }} s += \"!\"; s == p");

        Assert.Equal("false", answer);
    }

    [Theory]
    [InlineData("((a{1,1000}){1,1000}){1,1000}")]
    [InlineData("(?=a)b")]
    [InlineData(@"(a)\\1")]
    [InlineData("(?>a+)b")]
    public async Task A_pattern_that_cannot_be_linear_is_refused_when_rules_are_loaded(string pattern)
    {
        var errors = await _site.FindAsync(DiagnosticSeverity.Error, $"object p regex = \"{pattern}\";\n#{{}}");

        Assert.Contains("is not a regular expression that can be used", Assert.Single(errors), StringComparison.Ordinal);
    }
}
