using System.Text;
using Vsmtp.Mail.Delegation;
using Vsmtp.Mail.Headers;

namespace Vsmtp.Mail.Tests.Delegation;

public sealed class DelegationTests
{
    private const string MailId = "p0-0123456789abcdef";

    [Fact]
    public void A_ticket_comes_back_as_text_and_as_envid()
    {
        var ticket = DelegationTicket.Create(MailId);
        Assert.True(DelegationTicket.TryParse(ticket.Text, out var read));
        Assert.Equal((MailId, ticket.Hash), (read.MailId, read.Hash));
        Assert.True(DelegationTicket.TryParseEnvid(ticket.ToEnvid(), out read));
        Assert.True(read.Matches(ticket.Hash));
        Assert.InRange(ticket.ToEnvid().Length, 1, 100);
    }

    [Fact]
    public void Two_tickets_of_one_mail_differ_in_160_bits()
    {
        var (one, two) = (DelegationTicket.Create(MailId), DelegationTicket.Create(MailId));
        Assert.False(one.Matches(two.Hash));
        Assert.False(one.Matches(""));
        Assert.Equal(MailId.Length + 1 + 160 / 4, one.Text.Length);
        Assert.Equal(64, one.Hash.Length);
    }

    [Fact]
    public void A_printed_ticket_tells_no_secret()
    {
        var ticket = DelegationTicket.Create(MailId);
        Assert.DoesNotContain(ticket.Text[(MailId.Length + 1)..], $"{ticket}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("id")]
    [InlineData("id.")]
    [InlineData(".0123456789abcdef0123456789abcdef01234567")]
    [InlineData("id.0123456789abcdef0123456789abcdef0123456")]
    [InlineData("id.0123456789abcdef0123456789abcdef012345678")]
    [InlineData("id.0123456789ABCDEF0123456789abcdef01234567")]
    [InlineData("../id.0123456789abcdef0123456789abcdef01234567")]
    [InlineData("i d.0123456789abcdef0123456789abcdef01234567")]
    public void What_is_no_ticket_is_refused(string text)
    {
        Assert.False(DelegationTicket.TryParse(text, out _));
        Assert.False(DelegationTicket.TryParseEnvid(text, out _));
    }

    [Fact]
    public void A_mail_id_that_no_ticket_can_hold_is_refused()
    {
        Assert.Throws<ArgumentException>(() => DelegationTicket.Create("a.b"));
        Assert.Throws<ArgumentException>(() => DelegationTicket.Create(new string('a', DelegationTicket.MaxMailIdLength + 1)));
        Assert.InRange(DelegationTicket.Create(new string('a', DelegationTicket.MaxMailIdLength)).ToEnvid().Length, 1, 100);
    }

    [Fact]
    public void A_header_has_the_form_of_the_earlier_program_and_a_ticket()
    {
        var ticket = DelegationTicket.Create(MailId);
        var header = new DelegationHeader("postq", "check email for virus", MailId, ticket);
        Assert.Equal(
            $"sent; stage=postq; directive=\"check email for virus\"; id=\"{MailId}\"; ticket=\"{ticket.Text}\"", header.ToValue());
    }

    [Fact]
    public void The_longest_header_fits_on_one_line()
    {
        var id = new string('i', DelegationTicket.MaxMailIdLength);
        var name = new string('n', DelegationHeader.MaxDirectiveBytes);
        var block = HeaderBlock.Parse("\r\n"u8.ToArray());
        block.Prepend(DelegationHeader.Name, new DelegationHeader("delivery", name, id, DelegationTicket.Create(id)).ToValue());
        Assert.Single(Encoding.ASCII.GetString(block.ToArray()).TrimEnd().Split("\r\n"));
        Assert.Equal(name, Assert.Single(DelegationHeader.FindAll(block)).Directive);
    }

    [Theory]
    [InlineData("X-VSMTP-DELEGATION: sent; stage=postq; directive=\"check it\"; id=\"ID\"; ticket=\"TICKET\"\r\n\r\n")]
    [InlineData("Received: from x\r\nX-VSMTP-DELEGATION: sent; stage=postq; directive=\"check it\"; id=\"ID\"; ticket=\"TICKET\"\r\n\r\n")]
    [InlineData("X-Vsmtp-Delegation: sent;\r\n stage=postq;\r\n\tdirective=\"check\r\n\tit\"; id=\"ID\";\r\n ticket=\"TICKET\"\r\n\r\n")]
    [InlineData("x-vsmtp-delegation:ticket=TICKET ;Stage = postq;x=y; ; ID=\"ID\";directive=\"check it\"\r\n\r\n")]
    [InlineData("X-VSMTP-DELEGATION: no news\r\nX-VSMTP-DELEGATION: sent; ticket=\"TICKET\"; id=\"ID\"; stage=postq; directive=\"check it\"\r\n\r\n")]
    [InlineData("X-VSMTP-DELEGATION: sent; stage=delivery; ticket=\"TICKET\"; id=\"ID\"; stage=postq; directive=\"check it\"\r\n\r\n")]
    public void A_header_is_found_however_a_service_left_it(string headers)
    {
        var ticket = DelegationTicket.Create(MailId);
        var text = headers.Replace("TICKET", ticket.Text, StringComparison.Ordinal)
            .Replace("\"ID\"", $"\"{MailId}\"", StringComparison.Ordinal);
        var header = Assert.Single(DelegationHeader.FindAll(HeaderBlock.Parse(Encoding.ASCII.GetBytes(text))));
        Assert.Equal(("postq", "check it", MailId), (header.Stage, header.Directive, header.MailId));
        Assert.True(header.Ticket?.Matches(ticket.Hash));
    }

    [Fact]
    public void Every_header_is_found_from_the_top()
    {
        var (old, live) = (DelegationTicket.Create(MailId), DelegationTicket.Create(MailId));
        var block = HeaderBlock.Parse("Subject: x\r\n\r\n"u8.ToArray());
        block.Prepend(DelegationHeader.Name, new DelegationHeader("postq", "a", MailId, old).ToValue());
        block.Prepend(DelegationHeader.Name, new DelegationHeader("postq", "b", MailId, live).ToValue());
        Assert.Equal(["b", "a"], DelegationHeader.FindAll(block).Select(header => header.Directive));
    }

    [Theory]
    [InlineData("sent; stage=postq; directive=\"x\"; id=\"ID\"", true)]
    [InlineData("sent; stage=postq; directive=\"x\"; id=\"ID\"; ticket=\"forged\"", true)]
    [InlineData("sent", false)]
    [InlineData("", false)]
    [InlineData("\"", false)]
    [InlineData(";;;=;=\"", false)]
    public void A_header_without_a_ticket_proves_nothing(string value, bool isRead)
    {
        Assert.Equal(isRead, DelegationHeader.TryParse(value, out var header));
        Assert.Null(header?.Ticket);
    }

    [Theory]
    [InlineData("check email for virus", true)]
    [InlineData("it's 100% (ok), really!", true)]
    [InlineData("", false)]
    [InlineData(" blank in front", false)]
    [InlineData("a \"quote\"", false)]
    [InlineData("back\\slash", false)]
    [InlineData("semi;colon", false)]
    [InlineData("tab\there", false)]
    [InlineData("é", false)]
    public void A_name_that_would_come_back_different_cannot_travel(string directive, bool canCarry)
    {
        Assert.Equal(canCarry, DelegationHeader.CanCarry(directive));
        if (!canCarry) return;
        var value = new DelegationHeader("postq", directive, MailId, DelegationTicket.Create(MailId)).ToValue();
        Assert.True(DelegationHeader.TryParse(value, out var header));
        Assert.Equal(directive, header.Directive);
    }
}
