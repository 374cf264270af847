using FsCheck;
using FsCheck.Fluent;
using Vsmtp.Mail.Text;

namespace Vsmtp.Mail.Tests.Text;

public sealed class XTextTests
{
    [Theory]
    [InlineData("abc", "abc")]
    [InlineData("a+b=c d", "a+2Bb+3Dc+20d")]
    [InlineData("é", "+C3+A9")]
    [InlineData("", "")]
    public void Text_is_encoded(string text, string encoded)
    {
        Assert.Equal(encoded, XText.Encode(text));
        Assert.True(XText.TryDecode(encoded, out var decoded));
        Assert.Equal(text, decoded);
    }

    [Theory]
    [InlineData("a=b")]
    [InlineData("a b")]
    [InlineData("a+")]
    [InlineData("a+4")]
    [InlineData("a+GG")]
    [InlineData("+FF")]
    [InlineData("é")]
    public void What_is_no_xtext_is_refused(string encoded) => Assert.False(XText.TryDecode(encoded, out _));

    [Fact]
    public void Whatever_is_encoded_comes_back()
    {
        var characters = Gen.OneOf(Gen.Choose(0, 0x7F), Gen.Choose(0x80, 0xD7FF), Gen.Choose(0xE000, 0x10FFFF));
        var texts = characters.ListOf().Select(list => string.Concat(list.Select(char.ConvertFromUtf32)));
        Prop.ForAll(texts.ToArbitrary(), text => XText.TryDecode(XText.Encode(text), out var decoded) && decoded == text)
            .QuickCheckThrowOnFailure();
    }
}
