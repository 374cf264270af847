using System.Collections.Immutable;
using Vsmtp.Mail.Transfer;

namespace Vsmtp.Mail.Tests;

public sealed class DestinationTlsTests
{
    [Theory]
    [InlineData("example.org", "example.org")]
    [InlineData("EXAMPLE.org", "example.org")]
    [InlineData("a.example.org", ".example.org")]
    [InlineData("b.a.example.org", ".a.example.org")]
    [InlineData("c.b.a.example.org", ".a.example.org")]
    [InlineData("notexample.org", null)]
    [InlineData("org", null)]
    [InlineData("x.example.com", ".com")]
    [InlineData("com", null)]
    public void A_domain_has_the_rule_of_its_own_name_or_of_the_nearest_domain_above_it(string domain, string? key)
    {
        var table = new DestinationTls
        {
            Default = TlsLevel.Encrypt,
            Domains = new[] { "example.org", ".example.org", ".a.example.org", ".com" }
                .ToImmutableSortedDictionary(name => name, name => new TlsRule(TlsLevel.Verify, new([name])), StringComparer.Ordinal),
        };
        var (rule, found) = table.Find(domain);
        Assert.Equal(key, found);
        Assert.Equal(key is null ? new TlsRule(TlsLevel.Encrypt) : new TlsRule(TlsLevel.Verify, new([key])), rule);
    }

    [Theory]
    [InlineData("mx.example.org", "mx.example.org", true)]
    [InlineData("mx.example.org", "MX.Example.Org", true)]
    [InlineData("mx.example.org", "*.example.org", true)]
    [InlineData("mx.example.org", "*.mx.example.org", false)]
    [InlineData("a.mx.example.org", "*.example.org", false)]
    [InlineData("mx.example.org", "*", false)]
    [InlineData("mx.example.org", "example.org", false)]
    [InlineData(".example.org", "mx.example.org", true)]
    [InlineData(".example.org", "a.mx.example.org", true)]
    [InlineData(".example.org", "*.example.org", true)]
    [InlineData(".example.org", "example.org", false)]
    [InlineData(".example.org", ".example.org", false)]
    [InlineData(".example.org", "mx.evilexample.org", false)]
    [InlineData(".example.org", "*.org", false)]
    [InlineData("org", "*.org", false)]
    public void A_name_of_a_certificate_is_one_of_those_asked_for(string pattern, string name, bool isOne)
    {
        Assert.True(CertificateNames.TryRead(pattern.ToUpperInvariant(), out var read));
        Assert.Equal(isOne, new CertificateNames(["no.such.example", read]).IncludeOneOf(["other.example", name]));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..org")]
    [InlineData("*.example.org")]
    [InlineData("192.0.2.1")]
    [InlineData("exämple.org")]
    [InlineData("a b")]
    public void What_no_certificate_can_have_is_no_name(string text) => Assert.False(CertificateNames.TryRead(text, out _));

    [Fact]
    public void The_same_names_are_equal_in_whatever_order()
    {
        Assert.Equal(new CertificateNames([".a.example", "b.example"]), new CertificateNames(["b.example", ".a.example", "b.example"]));
        Assert.NotEqual(new CertificateNames([".a.example"]), new CertificateNames(["a.example"]));
        Assert.Equal(
            new CertificateNames(["a.example", "b.example"]).GetHashCode(), new CertificateNames(["b.example", "a.example"]).GetHashCode());
    }
}
