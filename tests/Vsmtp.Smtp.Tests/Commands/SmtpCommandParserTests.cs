using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vsmtp.Smtp.Commands;
using Vsmtp.Smtp.Server;

namespace Vsmtp.Smtp.Tests.Commands;

public sealed class SmtpCommandParserTests
{
    private static CommandFault Parse(string line, out SmtpCommand? command, SmtpExtensions extensions = SmtpExtensions.Default) =>
        SmtpCommandParser.Parse(Encoding.UTF8.GetBytes(line), extensions, out command);

    private static T Read<T>(string line)
        where T : SmtpCommand
    {
        Assert.Equal(CommandFault.None, Parse(line, out var command));
        return Assert.IsType<T>(command);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\t")]
    [InlineData(" NOOP")]
    [InlineData(" HELO client")]
    [InlineData("NOOP a\0b")]
    public void A_line_that_begins_with_nothing_is_bad(string line) => Assert.Equal(CommandFault.BadLine, Parse(line, out _));

    [Fact]
    public void Octets_that_are_no_utf8_are_bad() =>
        Assert.Equal(CommandFault.BadLine, SmtpCommandParser.Parse([.. "NOOP "u8, 0xFF], SmtpExtensions.Default, out _));

    [Theory]
    [InlineData("foo")]
    [InlineData("HELOX client")]
    [InlineData("HEL")]
    [InlineData("STARTTLX")]
    [InlineData("(ELO a")]
    [InlineData("GET / HTTP/1.1")]
    public void An_unknown_verb_is_told_as_such(string line) => Read<SmtpCommand.Unknown>(line);

    [Theory]
    [InlineData("HELO foo", "foo")]
    [InlineData("hElO   foo.example  ", "foo.example")]
    [InlineData("HELO\tfoo", "foo")]
    public void Helo_takes_a_domain(string line, string name) => Assert.Equal(name, Read<SmtpCommand.Helo>(line).Name);

    [Theory]
    [InlineData("HELO")]
    [InlineData("HELO ")]
    [InlineData("HELO [127.0.0.1]")]
    [InlineData("HELO 127.0.0.1")]
    [InlineData("HELO not\\a.valid*name")]
    [InlineData("HELO two words")]
    [InlineData("EHLO")]
    [InlineData("EHLO ")]
    [InlineData("EHLO [foobar]")]
    [InlineData("EHLO 127.0.0.1")]
    [InlineData("EHLO ::1")]
    [InlineData("EHLO [IPv6:zz]")]
    [InlineData("EHLO two words")]
    [InlineData("EHLO foo\u0001bar")]
    public void A_name_that_is_none_is_refused(string line) => Assert.Equal(CommandFault.BadArguments, Parse(line, out _));

    [Fact]
    public void A_name_of_a_thousand_letters_is_too_long_a_line() =>
        Assert.Equal(CommandFault.LineTooLong, Parse($"HELO {new string('a', 1000)}", out _));

    [Theory]
    [InlineData("EHLO client.example", "client.example")]
    [InlineData("EHLO [127.0.0.1]", "127.0.0.1")]
    [InlineData("EHLO [IPv6:0011:2233:4455:6677:8899:aabb:ccdd:eeff]", "11:2233:4455:6677:8899:aabb:ccdd:eeff")]
    [InlineData("EHLO 例子.公司", "例子.公司")]
    public void Ehlo_takes_a_domain_or_a_literal(string line, string name) => Assert.Equal(name, Read<SmtpCommand.Ehlo>(line).Name);

    [Theory]
    [InlineData("MAIL FROM:<john@example.com>", "<john@example.com>")]
    [InlineData("mail from:<john@example.com>", "<john@example.com>")]
    [InlineData("mAiL fRoM:   <john@example.com>  ", "<john@example.com>")]
    [InlineData("MAIL FROM:<>", "<>")]
    [InlineData("MAIL FROM: <> BODY=8BITMIME", "<>")]
    [InlineData("MAIL FROM:<\"jo..hn > x\"@example.com>", "<\"jo..hn > x\"@example.com>")]
    [InlineData("MAIL FROM:<@a.example:john@example.com>", "<john@example.com>")]
    [InlineData("MAIL FROM:<jöhn@exämple.com> SMTPUTF8", "<jöhn@exämple.com>")]
    public void Mail_takes_a_path(string line, string path) => Assert.Equal(path, Read<SmtpCommand.Mail>(line).Path.ToString());

    [Theory]
    [InlineData("MAIL", CommandFault.BadArguments)]
    [InlineData("MAIL FROM", CommandFault.BadArguments)]
    [InlineData("MAIL FROM:", CommandFault.BadArguments)]
    [InlineData("MAIL FROM john@example.com", CommandFault.BadArguments)]
    [InlineData("MAIL FROM:john@example.com", CommandFault.BadArguments)]
    [InlineData("MAIL FROM:<john@example.com", CommandFault.BadArguments)]
    [InlineData("MAIL TO:<john@example.com>", CommandFault.BadArguments)]
    [InlineData("MAIL FROM:<john@example.com>SIZE=1", CommandFault.BadArguments)]
    [InlineData("MAIL FROM:<john>", CommandFault.BadSender)]
    [InlineData("MAIL FROM:<john@>", CommandFault.BadSender)]
    [InlineData("RCPT", CommandFault.BadArguments)]
    [InlineData("RCPT TO", CommandFault.BadArguments)]
    [InlineData("RCPT TO:", CommandFault.BadArguments)]
    [InlineData("RCPT TO:<>", CommandFault.BadRecipient)]
    [InlineData("RCPT TO:<john>", CommandFault.BadRecipient)]
    public void A_path_that_is_none_is_refused(string line, CommandFault fault) => Assert.Equal(fault, Parse(line, out _));

    [Theory]
    [InlineData("RCPT TO:<john@example.com>", "<john@example.com>")]
    [InlineData("rcpt to:  <john@example.com> ", "<john@example.com>")]
    [InlineData("RCPT TO:<Postmaster>", "<Postmaster>")]
    [InlineData("RCPT TO:<\"a b\"@example.com>", "<\"a b\"@example.com>")]
    [InlineData("RCPT TO:<jöhn@example.com>", "<jöhn@example.com>")]
    public void Rcpt_takes_a_path(string line, string path) => Assert.Equal(path, Read<SmtpCommand.Rcpt>(line).Path.ToString());

    [Fact]
    public void The_parameters_of_mail_are_read()
    {
        var mail = Read<SmtpCommand.Mail>(
            "MAIL FROM:<a@b.example> size=1000 BODY=8bitmime SMTPUTF8  RET=HDRS ENVID=QQ+2B314159 AUTH=e+3Dmc2@example.com");
        Assert.Equal(
            new MailParameters
            {
                DeclaredBytes = 1000, Body = BodyKind.EightBitMime, IsSmtpUtf8 = true, Return = DsnReturn.Headers,
                EnvelopeId = "QQ+2B314159", Auth = "e+3Dmc2@example.com",
            },
            mail.Parameters);
        Assert.Equal(BodyKind.SevenBit, Read<SmtpCommand.Mail>("MAIL FROM:<> BODY=7BIT").Parameters.Body);
        Assert.Equal("<>", Read<SmtpCommand.Mail>("MAIL FROM:<> AUTH=<>").Parameters.Auth);
        Assert.Equal(MailParameters.None, Read<SmtpCommand.Mail>("MAIL FROM:<>").Parameters);
        Assert.Equal(long.MaxValue, Read<SmtpCommand.Mail>("MAIL FROM:<> SIZE=99999999999999999999").Parameters.DeclaredBytes);
    }

    [Fact]
    public void The_parameters_of_rcpt_are_read()
    {
        var rcpt = Read<SmtpCommand.Rcpt>("RCPT TO:<a@b.example> NOTIFY=success,DELAY ORCPT=rfc822;a+2Bb@b.example");
        Assert.Equal(DsnNotify.Success | DsnNotify.Delay, rcpt.Parameters.Notify);
        Assert.Equal("rfc822;a+2Bb@b.example", rcpt.Parameters.OriginalRecipient);
        Assert.Equal(DsnNotify.Never, Read<SmtpCommand.Rcpt>("RCPT TO:<a@b.example> NOTIFY=NEVER").Parameters.Notify);
        Assert.Null(Read<SmtpCommand.Rcpt>("RCPT TO:<a@b.example>").Parameters.Notify);
        var international = Read<SmtpCommand.Rcpt>("RCPT TO:<a@b.example> ORCPT=utf-8;jöhn@b.example");
        Assert.Equal("utf-8;jöhn@b.example", international.Parameters.OriginalRecipient);
    }

    [Theory]
    [InlineData("BODY")]
    [InlineData("BODY=")]
    [InlineData("BODY=other")]
    [InlineData("BODY=7BIT BODY=7BIT")]
    [InlineData("body=7BIT BODY=8BITMIME")]
    [InlineData("SMTPUTF8=x")]
    [InlineData("SMTPUTF8 SMTPUTF8")]
    [InlineData("SIZE")]
    [InlineData("SIZE=")]
    [InlineData("SIZE=-1")]
    [InlineData("SIZE=1x")]
    [InlineData("SIZE=100000000000000000000")]
    [InlineData("RET=ALL")]
    [InlineData("ENVID=")]
    [InlineData("ENVID=a=b")]
    [InlineData("ENVID=+0A")]
    [InlineData("AUTH")]
    [InlineData("AUTH=")]
    [InlineData("AUTH=<> AUTH=<>")]
    public void A_parameter_with_a_faulty_value_is_refused(string parameters) =>
        Assert.Equal(CommandFault.BadArguments, Parse($"MAIL FROM:<a@b.example> {parameters}", out _));

    [Theory]
    [InlineData("NOTIFY=")]
    [InlineData("NOTIFY=NEVER,SUCCESS")]
    [InlineData("NOTIFY=ALWAYS")]
    [InlineData("NOTIFY=SUCCESS,")]
    [InlineData("ORCPT=a@b.example")]
    [InlineData("ORCPT=rfc822;")]
    [InlineData("ORCPT=;a@b.example")]
    [InlineData("ORCPT=rfc822;a+b")]
    [InlineData("NOTIFY=NEVER NOTIFY=NEVER")]
    public void A_recipient_parameter_with_a_faulty_value_is_refused(string parameters) =>
        Assert.Equal(CommandFault.BadArguments, Parse($"RCPT TO:<a@b.example> {parameters}", out _));

    [Theory]
    [InlineData("MAIL FROM:<a@b.example> FOO", SmtpExtensions.Default)]
    [InlineData("MAIL FROM:<a@b.example> FOO=bar", SmtpExtensions.Default)]
    [InlineData("MAIL FROM:<a@b.example> NOTIFY=NEVER", SmtpExtensions.Default)]
    [InlineData("RCPT TO:<a@b.example> FOO=bar", SmtpExtensions.Default)]
    [InlineData("RCPT TO:<a@b.example> extra", SmtpExtensions.Default)]
    [InlineData("MAIL FROM:<a@b.example> SIZE=1", SmtpExtensions.Dsn)]
    [InlineData("MAIL FROM:<a@b.example> BODY=7BIT", SmtpExtensions.Dsn)]
    [InlineData("MAIL FROM:<a@b.example> SMTPUTF8", SmtpExtensions.Dsn)]
    [InlineData("MAIL FROM:<a@b.example> RET=FULL", SmtpExtensions.Size)]
    [InlineData("RCPT TO:<a@b.example> NOTIFY=NEVER", SmtpExtensions.Size)]
    public void A_parameter_that_was_not_announced_is_unknown(string line, SmtpExtensions extensions) =>
        Assert.Equal(CommandFault.UnknownParameter, Parse(line, out _, extensions));

    [Theory]
    [InlineData("DATA x")]
    [InlineData("QUIT now")]
    [InlineData("RSET x")]
    [InlineData("STARTTLS x")]
    [InlineData("VRFY")]
    [InlineData("VRFY two words")]
    [InlineData("EXPN")]
    [InlineData("EXPN a SMTPUTF8 b")]
    [InlineData("HELP two words")]
    [InlineData("AUTH")]
    [InlineData("AUTH PLAIN a b")]
    public void Arguments_that_do_not_fit_are_refused(string line) => Assert.Equal(CommandFault.BadArguments, Parse(line, out _));

    [Theory]
    [InlineData("BDAT")]
    [InlineData("BDAT x LAST")]
    [InlineData("BDAT 1 FIRST")]
    [InlineData("BDAT 1\0")]
    public void A_chunk_of_unknown_length_is_a_fault_of_its_own(string line) => Assert.Equal(CommandFault.BadChunk, Parse(line, out _));

    [Fact]
    public void Commands_are_read_with_their_arguments()
    {
        Read<SmtpCommand.Data>("data");
        Read<SmtpCommand.Rset>("RSET  ");
        Read<SmtpCommand.Quit>("Quit");
        Read<SmtpCommand.StartTls>("starttls");
        Read<SmtpCommand.Noop>("NOOP with any number of words");
        Assert.Equal("john", Read<SmtpCommand.Vrfy>("VRFY john SMTPUTF8").Query);
        Assert.Equal("list", Read<SmtpCommand.Expn>("EXPN list").Query);
        Assert.Null(Read<SmtpCommand.Help>("HELP").Topic);
        Assert.Equal("MAIL", Read<SmtpCommand.Help>("HELP MAIL").Topic);
        Assert.Equal(new SmtpCommand.Auth("PLAIN", "AGEAYg=="), Read<SmtpCommand.Auth>("AUTH PLAIN AGEAYg=="));
        Assert.Equal(new SmtpCommand.Bdat(86, true), Read<SmtpCommand.Bdat>("BDAT 86 last"));
        Assert.Null(Read<SmtpCommand.XForward>("XFORWARD of whatever kind, where it is not announced").Attributes);
    }

    [Fact]
    public void A_line_may_be_512_octets_long_and_longer_with_what_extensions_add()
    {
        Assert.Equal(CommandFault.None, Parse($"NOOP {new string('x', 505)}", out _));
        Assert.Equal(CommandFault.LineTooLong, Parse($"NOOP {new string('x', 506)}", out _));
        Assert.Equal(CommandFault.LineTooLong, Parse(new string('x', 511), out _));

        var path = $"<{new string('a', 64)}@{string.Join('.', Enumerable.Repeat(new string('b', 35), 5))}.example>";
        var mail = $"MAIL FROM:{path} SIZE=12345678901234567890 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID={new string('e', 100)}";
        Assert.Equal(CommandFault.None, Parse($"{mail} AUTH={new string('u', 480)}", out _));
        var rcpt = $"RCPT TO:{path} NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;{new string('o', 493)}";
        Assert.Equal(CommandFault.None, Parse(rcpt, out _));
    }

    [Fact]
    public void Random_bytes_never_throw() =>
        Prop.ForAll<byte[]>(bytes =>
                SmtpCommandParser.Parse(bytes, SmtpExtensions.Default, out var command) == CommandFault.None == command is not null)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Pieces_of_commands_in_any_order_never_throw()
    {
        var pieces = Gen.Elements(
            "MAIL", "RCPT", "FROM:", "TO:", "<", ">", "a", "@", "b.example", "\"", "\\", " ", "\t", "=", ":", ",", "SIZE=", "BODY=", "ENVID=",
            "NOTIFY=", "ORCPT=rfc822;", "+", "[", "]", "IPv6:", "EHLO", "é", "\ud83d\ude00", "1", "\r", "\n", "\0");
        var lines = pieces.ListOf().Select(string.Concat).ToArbitrary();
        Prop.ForAll(lines, line => Parse(line, out var command) == CommandFault.None == command is not null)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(30));
    }
}
