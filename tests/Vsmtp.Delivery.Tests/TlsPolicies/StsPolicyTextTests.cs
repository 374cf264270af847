using System.Text;
using Vsmtp.Contracts.TlsPolicies;
using Vsmtp.Delivery.TlsPolicies;

namespace Vsmtp.Delivery.Tests.TlsPolicies;

/// <summary>What is a policy, and what a host is to it (RFC 8461 §3.2, §4.1).</summary>
public sealed class StsPolicyTextTests
{
    private const string Good = "version: STSv1\nmode: enforce\nmx: Mail.example.com\nmx: *.example.net\nmax_age: 604800\n";

    private static StsPolicyText Read(string text)
    {
        Assert.True(StsPolicyText.TryParse(Encoding.UTF8.GetBytes(text), out var policy, out var fault), fault);
        return policy;
    }

    private static string FaultOf(string text)
    {
        Assert.False(StsPolicyText.TryParse(Encoding.UTF8.GetBytes(text), out var policy, out var fault));
        Assert.Null(policy);
        return fault;
    }

    [Theory]
    [InlineData(Good)]
    [InlineData("version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmax_age: 604800")]
    [InlineData("max_age:604800 \nmx:\t mail.example.com\nmode:enforce\n\nmx:*.example.net\t\nversion:STSv1\n")]
    [InlineData("version: STSv1\nmode: enforce\nmax_age: 604800\nmx: mail.example.com\nmx: *.example.net\n"
        + "version: STSv2\nmode: none\nmax_age: x\nmore: of : this\n")]
    public void All_of_these_say_the_same(string text)
    {
        var policy = Read(text);
        Assert.Equal((TlsPolicyMode.Enforce, TimeSpan.FromDays(7)), (policy.Mode, policy.MaxAge));
        Assert.Equal(["mail.example.com", "*.example.net"], policy.Hosts);
    }

    [Theory]
    [InlineData("enforce", TlsPolicyMode.Enforce)]
    [InlineData("testing", TlsPolicyMode.Testing)]
    [InlineData("none", TlsPolicyMode.None)]
    public void Each_mode_is_read(string text, TlsPolicyMode mode) =>
        Assert.Equal(mode, Read(Good.Replace("enforce", text, StringComparison.Ordinal)).Mode);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("31557600", 31_557_600)]
    [InlineData("31557601", 31_557_600)]
    [InlineData("9999999999", 31_557_600)]
    public void No_policy_lasts_longer_than_a_year(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Read(Good.Replace("604800", text, StringComparison.Ordinal)).MaxAge);

    [Fact]
    public void Only_where_nothing_is_demanded_there_need_be_no_host() =>
        Assert.Empty(Read("version: STSv1\nmode: none\nmax_age: 86400\n").Hosts);

    [Theory]
    [InlineData("", "it has no version")]
    [InlineData("<!DOCTYPE html>\n", "line 1 is not \"key: value\"")]
    [InlineData("version: STSv1\n: x\n", "line 2 is not \"key: value\"")]
    [InlineData("version: STSv2\nmode: enforce\nmx: a.example\nmax_age: 1\n", "its version is not STSv1")]
    [InlineData("Version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 1\n", "it has no version")]
    [InlineData("version: STSv1\nmx: a.example\nmax_age: 1\n", "it has no mode")]
    [InlineData("version: STSv1\nmode: report\nmx: a.example\nmax_age: 1\n", "its mode is not enforce, testing or none")]
    [InlineData("version: STSv1\nmode: Enforce\nmx: a.example\nmax_age: 1\n", "its mode is not enforce, testing or none")]
    [InlineData("version: STSv1\nmode: enforce\nmax_age: 1\n", "it has no mx")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.example\n", "it has no max_age")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.example\nmax_age: -1\n", "its max_age is not 1 to 10 digits")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 1 2\n", "its max_age is not 1 to 10 digits")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 00000000001\n", "its max_age is not 1 to 10 digits")]
    [InlineData("version: STSv1\nmode: enforce\nmx: .example.net\nmax_age: 1\n", "line 3: mx is neither a host name nor one behind \"*.\"")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.*.example\nmax_age: 1\n", "line 3: mx is neither a host name nor one behind \"*.\"")]
    [InlineData("version: STSv1\nmode: enforce\nmx: *.*.example\nmax_age: 1\n", "line 3: mx is neither a host name nor one behind \"*.\"")]
    [InlineData("version: STSv1\nmode: enforce\nmx: *\nmax_age: 1\n", "line 3: mx is neither a host name nor one behind \"*.\"")]
    [InlineData("version: STSv1\nmode: enforce\nmx: bücher.example\nmax_age: 1\n", "line 3: mx is neither a host name nor one behind \"*.\"")]
    [InlineData("version: STSv1\nmode: enforce\nmx: \nmax_age: 1\n", "line 3: mx is neither a host name nor one behind \"*.\"")]
    public void What_is_no_policy_is_told_why(string text, string fault) => Assert.Equal(fault, FaultOf(text));

    [Theory]
    [InlineData("mail.example.com", "mail.example.com", true)]
    [InlineData("mail.example.com", "MAIL.Example.COM", true)]
    [InlineData("mail.example.com", "mail.example.com.", true)]
    [InlineData("mail.example.com", "a.mail.example.com", false)]
    [InlineData("*.example.net", "mx.example.net", true)]
    [InlineData("*.example.net", "example.net", false)]
    [InlineData("*.example.net", "a.b.example.net", false)]
    [InlineData("*.example.net", "mxexample.net", false)]
    [InlineData("*.example.net", ".example.net", false)]
    [InlineData("xn--bcher-kva.example", "bücher.example", true)]
    [InlineData("mail.example.com", "", false)]
    public void A_star_is_one_label_and_no_more(string pattern, string host, bool matches) =>
        Assert.Equal(matches, HostPattern.Matches(pattern, host));

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Whatever_the_octets_are_there_is_an_answer(int seed)
    {
        var random = new Random(seed);
        var read = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var octets = Encoding.ASCII.GetBytes(Good);
            for (var changes = random.Next(1, 6); changes > 0; changes--) octets[random.Next(octets.Length)] = (byte)random.Next(256);
            if (StsPolicyText.TryParse(octets, out var policy, out var fault))
            {
                Assert.InRange(policy.MaxAge, TimeSpan.Zero, TimeSpan.FromSeconds(31_557_600));
                Assert.InRange(policy.Hosts.Length, 0, 2);
                Assert.All(policy.Hosts, host => Assert.True(HostPattern.TryRead(host, out _)));
                read++;
            }
            else
            {
                Assert.InRange(fault.Length, 1, 80);
            }
        }

        Assert.InRange(read, 100, 19_900);
    }

    [Fact]
    public void The_longest_answer_takes_bounded_memory()
    {
        var longest = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("mx:a\n", 64 * 1024 / 5)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(StsPolicyText.TryParse(longest, out _, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * 1024 * 1024);
    }
}
