using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Local;

namespace Vsmtp.Delivery.Tests.Local;

public sealed class MaildirNameTests
{
    [Theory]
    [InlineData("john.doe+tag", "john.doe+tag")]
    [InlineData("John", "john")]
    [InlineData("..", "%2E.")]
    [InlineData(".", "%2E")]
    [InlineData(".hidden", "%2Ehidden")]
    [InlineData("../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd")]
    [InlineData("/etc/passwd", "%2Fetc%2Fpasswd")]
    [InlineData("a b", "a%20b")]
    [InlineData("a%2Fb", "a%252fb")]
    [InlineData("a\\b:c\"d", "a%5Cb%3Ac%22d")]
    [InlineData("josé", "jos%C3%A9")]
    [InlineData("~root", "%7Eroot")]
    [InlineData("[192.0.2.1]", "%5B192.0.2.1%5D")]
    public void A_folder_has_safe_letters_only(string text, string expected) => Assert.Equal(expected, MaildirName.OfFolder(text));

    [Fact]
    public void A_file_is_named_by_mail_and_recipient_alone()
    {
        var id = MailId.Create(TimeProvider.System);
        var name = MaildirName.OfFile(id, "b@mx.example", "host.example");
        Assert.Equal(name, MaildirName.OfFile(id, "b@mx.example", "host.example"));
        Assert.NotEqual(name, MaildirName.OfFile(id, "c@mx.example", "host.example"));
        Assert.NotEqual(name, MaildirName.OfFile(MailId.Create(TimeProvider.System), "b@mx.example", "host.example"));

        var parts = name.Split('.', 3);
        var age = DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture));
        Assert.InRange(age, TimeSpan.FromSeconds(-1), TimeSpan.FromMinutes(1));
        Assert.StartsWith(id + "_", parts[1], StringComparison.Ordinal);
        Assert.Equal("host.example", parts[2]);
    }

    [Fact]
    public void A_file_name_from_hostile_parts_is_one_name_and_not_too_long()
    {
        var name = MaildirName.OfFile("../x/:2,S", "b@mx.example", "a/" + new string('h', 300));
        Assert.DoesNotContain('/', name);
        Assert.DoesNotContain(':', name);
        Assert.InRange(name.Length, 1, MaildirName.MaxBytes);
    }
}
