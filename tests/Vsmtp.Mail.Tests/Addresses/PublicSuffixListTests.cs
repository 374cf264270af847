using Vsmtp.Mail.Addresses;

namespace Vsmtp.Mail.Tests.Addresses;

/// <summary>The rules of publicsuffix.org, on a list of our own.</summary>
public sealed class PublicSuffixListTests
{
    private static readonly PublicSuffixList List = PublicSuffixList.Parse(
    [
        "// a comment", "", "com", "uk", "co.uk what follows a blank is none of it", "*.ck", "!www.ck", "公司.cn", "cn", "kobe.jp", "*.kobe.jp", "!city.kobe.jp", "jp",
        "github.io", "io",
    ]);

    [Theory]
    [InlineData("example.com", "example.com")]
    [InlineData("a.b.EXAMPLE.Com", "EXAMPLE.Com")]
    [InlineData("mail.example.co.uk", "example.co.uk")]
    [InlineData("example.uk", "example.uk")]
    [InlineData("a.b.test.ck", "b.test.ck")]
    [InlineData("b.www.ck", "www.ck")]
    [InlineData("www.ck", "www.ck")]
    [InlineData("x.city.kobe.jp", "city.kobe.jp")]
    [InlineData("a.b.c.kobe.jp", "b.c.kobe.jp")]
    [InlineData("me.github.io", "me.github.io")]
    [InlineData("www.食狮.公司.cn", "食狮.公司.cn")]
    [InlineData("www.xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn")]
    [InlineData("com", null)]
    [InlineData("co.uk", null)]
    [InlineData("test.ck", null)]
    [InlineData("mail.example.unknown", null)]
    [InlineData("", null)]
    [InlineData(".", null)]
    [InlineData("192.0.2.1", null)]
    public void The_registered_part_is_one_label_longer_than_the_suffix(string domain, string? registered) =>
        Assert.Equal(registered, List.FindRegistered(domain));
}
