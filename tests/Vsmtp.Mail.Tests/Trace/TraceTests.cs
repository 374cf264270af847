using System.Net;
using System.Text;
using Vsmtp.Mail.Addresses;
using Vsmtp.Mail.Headers;
using Vsmtp.Mail.Trace;

namespace Vsmtp.Mail.Tests.Trace;

public sealed class TraceTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 2, 9, 4, 5, TimeSpan.FromHours(-3.5));

    [Fact]
    public void A_date_has_day_zone_and_no_locale() => Assert.Equal("Mon, 2 Nov 2026 09:04:05 -0330", MailDate.Format(Time));

    [Fact]
    public void Received_tells_name_address_protocol_and_id()
    {
        var field = new ReceivedField("client.example", IPAddress.Parse("192.0.2.7"), "mx.example", "ESMTP", "42", Time);
        Assert.Equal(
            "Received: from client.example ([192.0.2.7])\r\n\tby mx.example with ESMTP id 42;\r\n\tMon, 2 Nov 2026 09:04:05 -0330\r\n",
            field.ToString());
    }

    [Theory]
    [InlineData("127.0.0.1", "from [127.0.0.1] ([192.0.2.7])")]
    [InlineData("2001:db8::1", "from [IPv6:2001:db8::1] ([192.0.2.7])")]
    [InlineData(null, "from [192.0.2.7] ([192.0.2.7])")]
    [InlineData("evil)\r\nX: y", "from evil___X:_y ([192.0.2.7])")]
    public void A_name_of_the_client_stays_in_its_place(string? helo, string expected)
    {
        var field = new ReceivedField(helo, IPAddress.Parse("192.0.2.7"), "mx.example", "SMTP", "42", Time);
        Assert.StartsWith($"Received: {expected}\r\n\tby ", field.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_trace_field_goes_in_front_and_is_no_edit()
    {
        var block = HeaderBlock.Parse("Subject: x\r\n\r\n"u8.ToArray());
        var field = new ReceivedField("a", IPAddress.Loopback, "mx", "ESMTP", "1", Time);
        block.PrependTrace(field.ToBytes());
        Assert.Equal(field + "Subject: x\r\n\r\n", Encoding.ASCII.GetString(block.ToArray()));
        Assert.Empty(block.Edits);
        Assert.Equal("from a ([127.0.0.1])\tby mx with ESMTP id 1;\tMon, 2 Nov 2026 09:04:05 -0330", block.Get("received"));
    }

    [Theory]
    [InlineData("no field\r\n")]
    [InlineData("A: b")]
    [InlineData("A: b\r\nC: d\r\n")]
    [InlineData("A: b\r\n\r\n")]
    [InlineData("")]
    public void What_is_not_one_field_is_no_trace(string bytes) => Assert.Throws<ArgumentException>(
        () => HeaderBlock.Parse("Subject: x\r\n\r\n"u8.ToArray()).PrependTrace(Encoding.ASCII.GetBytes(bytes)));

    [Fact]
    public void Return_path_holds_the_path_or_nothing()
    {
        Assert.Equal("Return-Path: <>\r\n"u8.ToArray(), ReturnPath.ToBytes(ReversePath.Null));
        Assert.True(ReversePath.TryParse("<a@b.example>", out var path));
        Assert.Equal("Return-Path: <a@b.example>\r\n"u8.ToArray(), ReturnPath.ToBytes(path));
    }
}
