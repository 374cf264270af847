namespace Vsmtp.Rules.Tests;

/// <summary>What rules ask of the machine.</summary>
public sealed class UtilityTests
{
    private readonly Site _site = new();

    [Theory]
    [InlineData("get_root_domain(\"mail.example.co.uk\")", "example.co.uk")]
    [InlineData("get_root_domain(\"a.b.example.com\")", "example.com")]
    [InlineData("get_root_domain(\"example.com\")", "example.com")]
    [InlineData("get_root_domain(mail_from().domain)", "example.com")]
    [InlineData("object d fqdn = \"deep.below.example.net\"; utils::get_root_domain(d)", "example.net")]
    [InlineData("get_root_domain(\"co.uk\")", "co.uk")]
    [InlineData("get_root_domain(\"mail.host.nowhere-at-all\")", "mail.host.nowhere-at-all")]
    [InlineData("get_root_domain(5)", "error: invalid type conversion expected a string or an object, got i64")]
    public async Task The_registered_part_of_a_domain_is_known_and_others_stay(string script, string result) =>
        Assert.Equal(result, await _site.EvalAsync(script));

    [Fact]
    public async Task A_variable_of_the_environment_is_read_as_it_is_and_one_that_is_not_set_is_nothing()
    {
        const string Name = "VSMTP_RULES_TESTS_PLACE";
        Environment.SetEnvironmentVariable(Name, "rack 5, \"left\"");
        try
        {
            Assert.Equal("rack 5, \"left\"", await _site.EvalAsync($"env(\"{Name}\")"));
            Assert.Equal("rack 5, \"left\"", await _site.EvalAsync($"object n identifier = \"{Name}\"; unix::env(n)"));
            Assert.Equal("true", await _site.EvalAsync($"utils::env(\"{Name}_OF_NOTHING\") == ()"));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Name, null);
        }
    }

    [Fact]
    public async Task The_machine_has_the_name_that_it_gives_itself() =>
        Assert.Equal(Environment.MachineName, (await _site.EvalAsync("hostname()")).Split('.')[0], ignoreCase: true);
}
