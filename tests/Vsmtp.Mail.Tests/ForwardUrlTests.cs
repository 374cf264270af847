using Vsmtp.Mail.Transfer;

namespace Vsmtp.Mail.Tests;

public sealed class ForwardUrlTests
{
    [Theory]
    [InlineData("smtp://mx.example", "mx.example", 25, TransferProtocol.Smtp, TlsLevel.May, false)]
    [InlineData("SMTP://MX.example:2525/", "mx.example", 2525, TransferProtocol.Smtp, TlsLevel.May, false)]
    [InlineData("smtp://192.0.2.1?tls=none", "192.0.2.1", 25, TransferProtocol.Smtp, TlsLevel.None, false)]
    [InlineData("smtp://[2001:db8::1]:587?tls=required", "2001:db8::1", 587, TransferProtocol.Smtp, TlsLevel.Encrypt, false)]
    [InlineData("smtp://mx.example?tls=opportunistic", "mx.example", 25, TransferProtocol.Smtp, TlsLevel.May, false)]
    [InlineData("smtp://mx.example:465?tls=tunnel", "mx.example", 465, TransferProtocol.Smtp, TlsLevel.Encrypt, true)]
    [InlineData("smtps://mx.example", "mx.example", 465, TransferProtocol.Smtp, TlsLevel.Encrypt, true)]
    [InlineData("smtp://mx.example:587?tls=verify", "mx.example", 587, TransferProtocol.Smtp, TlsLevel.Verify, false)]
    [InlineData("smtps://mx.example?tls=verify", "mx.example", 465, TransferProtocol.Smtp, TlsLevel.Verify, true)]
    [InlineData("lmtp://mx.example?tls=verify", "mx.example", 24, TransferProtocol.Lmtp, TlsLevel.Verify, false)]
    [InlineData("lmtp://127.0.0.1:24", "127.0.0.1", 24, TransferProtocol.Lmtp, TlsLevel.None, false)]
    [InlineData("lmtp://dovecot", "dovecot", 24, TransferProtocol.Lmtp, TlsLevel.None, false)]
    public void A_URL_says_where_and_how(string text, string host, int port, TransferProtocol protocol, TlsLevel tls, bool isTlsFirst)
    {
        Assert.True(ForwardUrl.TryParse(text, out var url, out var fault), fault);
        Assert.Equal((host, port, protocol, tls, isTlsFirst), (url.Host, url.Port, url.Protocol, url.Tls, url.IsTlsFirst));
        Assert.Null(url.Credentials);
        Assert.True(ForwardUrl.TryParse(url.ToString(), out var again, out _));
        Assert.Equal(url, again);
    }

    [Theory]
    [InlineData("http://x", "begins with smtp://")]
    [InlineData("mx.example", "begins with smtp://")]
    [InlineData("smtp://", "neither host nor host:port")]
    [InlineData("smtp://a b", "neither host nor host:port")]
    [InlineData("smtp://x:0", "neither host nor host:port")]
    [InlineData("smtp://x:65536", "neither host nor host:port")]
    [InlineData("smtp://2001:db8::1", "neither host nor host:port")]
    [InlineData("smtp://x/path", "has a path")]
    [InlineData("smtp://x?a?b", "more than one question mark")]
    [InlineData("smtp://x?tls=", "tls=none")]
    [InlineData("smtps://x?tls=none", "tls=none")]
    [InlineData("lmtp://x?tls=tunnel", "tls=none")]
    [InlineData("smtp://user@x", "user:password")]
    [InlineData("smtp://:secret@x", "user:password")]
    [InlineData("smtp://me:secret?@x", "neither host nor host:port")]
    [InlineData("smtp://me:secret/@x", "has a path")]
    [InlineData("smtp://me:secret", "neither host nor host:port")]
    [InlineData("smtp://me:a@x?tls=secret", "tls=none")]
    public void What_is_none_says_why(string text, string fault)
    {
        Assert.False(ForwardUrl.TryParse(text, out _, out var said));
        Assert.Contains(fault, said, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_and_a_password_are_read_and_shown_to_nobody()
    {
        Assert.True(ForwardUrl.TryParse("smtp://me%40home:p%3Aa@b%2Fc@mx.example:587?tls=required", out var url, out _));
        Assert.Equal(("me@home", "p:a@b/c"), url.Credentials);
        Assert.Equal(("mx.example", 587), (url.Host, url.Port));
        Assert.Equal("smtp://me%40home:***@mx.example:587?tls=required", url.ToString());
        Assert.Equal("smtp://…@mx.example", ForwardUrl.WithoutSecrets("smtp://me:secret@mx.example"));
        Assert.Equal("mx.example:25", ForwardUrl.WithoutSecrets("mx.example:25"));
        Assert.Equal("a@b", ForwardUrl.WithoutSecrets("a@b"));
    }

    [Theory]
    [InlineData("""forward_all("smtp://me:secret@mx.example"); bcc("a@b")""", """forward_all("smtp://…@mx.example"); bcc("a@b")""")]
    [InlineData("`SMTPS://me:s@cret@a` lmtp://me:secret@b, smtp://c", "`SMTPS://…@a` lmtp://…@b, smtp://c")]
    [InlineData("nothing at all, a@b", "nothing at all, a@b")]
    public void Within_a_text_they_are_shown_to_nobody_either(string text, string shown) => Assert.Equal(shown, ForwardUrl.WithoutSecretsIn(text));
}
