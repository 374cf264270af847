using Vsmtp.Delivery.TlsPolicies;

namespace Vsmtp.Delivery.Tests.TlsPolicies;

/// <summary>Which texts of <c>_mta-sts.DOMAIN</c> speak of a policy (RFC 8461 §3.1).</summary>
public sealed class StsRecordTests
{
    [Theory]
    [InlineData("v=STSv1; id=20160831085700Z;", "20160831085700Z")]
    [InlineData("v=STSv1;id=1", "1")]
    [InlineData("v=STSv1;\tid=1 ; ", "1")]
    [InlineData("v=STSv1; later=x.y; id=1", "1")]
    [InlineData("v=STSv1; id=first; id=second", "first")]
    [InlineData("v=STSv1; id=12345678901234567890123456789012", "12345678901234567890123456789012")]
    public void What_keeps_the_syntax_is_read(string text, string id) => Assert.Equal(id, StsRecord.Find([text])?.Id);

    [Theory]
    [InlineData("")]
    [InlineData("v=STSv1")]
    [InlineData("v=STSv1;")]
    [InlineData("v=STSv1 ; id=1")]
    [InlineData("v=stsv1; id=1")]
    [InlineData("v=STSv2; id=1")]
    [InlineData(" v=STSv1; id=1")]
    [InlineData("id=1; v=STSv1;")]
    [InlineData("v=STSv1; id=")]
    [InlineData("v=STSv1; id=a-b")]
    [InlineData("v=STSv1; id=1 2")]
    [InlineData("v=STSv1; ID=1")]
    [InlineData("v=STSv1; id=123456789012345678901234567890123")]
    [InlineData("v=STSv1; id=é")]
    [InlineData("v=STSv1; nonsense; id=1")]
    [InlineData("v=STSv1;; id=1")]
    public void What_breaks_it_is_no_record(string text) => Assert.Null(StsRecord.Find([text]));

    [Fact]
    public void Other_texts_are_passed_over_and_two_records_are_none()
    {
        Assert.Equal("1", StsRecord.Find(["v=spf1 -all", "v=STSv1; id=1", "STSv1"])?.Id);
        Assert.Null(StsRecord.Find(["v=STSv1; id=1", "v=STSv1; id=1"]));
        Assert.Null(StsRecord.Find([]));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Whatever_the_text_is_there_is_an_answer(int seed)
    {
        var random = new Random(seed);
        var found = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var text = "v=STSv1; id=20160831085700Z; more=a;".ToCharArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--) text[random.Next(text.Length)] = (char)random.Next(0, 0x250);
            if (StsRecord.Find([new string(text)]) is not { } record) continue;
            Assert.InRange(record.Id.Length, 1, 32);
            Assert.All(record.Id, letter => Assert.True(char.IsAsciiLetterOrDigit(letter)));
            found++;
        }

        Assert.InRange(found, 100, 19_900);
    }
}
