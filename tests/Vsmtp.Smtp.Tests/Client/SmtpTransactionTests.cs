using Vsmtp.Smtp.Client;

namespace Vsmtp.Smtp.Tests.Client;

public sealed class SmtpTransactionTests
{
    private static readonly SmtpTransaction Rich = ClientFixture.Mail() with
    {
        Bytes = 25,
        Is8Bit = true,
        Return = "HDRS",
        EnvelopeId = "id+2B1",
        Recipients = [new SmtpTransactionRecipient("b@mx.example", "SUCCESS,FAILURE", "rfc822;b@mx.example")],
    };

    [Theory]
    [InlineData("SIZE", "MAIL FROM:<a@client.example> SIZE=25", "RCPT TO:<b@mx.example>")]
    [InlineData("8BITMIME", "MAIL FROM:<a@client.example> BODY=8BITMIME", "RCPT TO:<b@mx.example>")]
    [InlineData("SMTPUTF8", "MAIL FROM:<a@client.example> SMTPUTF8", "RCPT TO:<b@mx.example>")]
    [InlineData("DSN", "MAIL FROM:<a@client.example> RET=HDRS ENVID=id+2B1",
        "RCPT TO:<b@mx.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;b@mx.example")]
    [InlineData("X-NOTHING", "MAIL FROM:<a@client.example>", "RCPT TO:<b@mx.example>")]
    public async Task A_parameter_is_given_where_its_extension_is_announced(string extension, string mail, string rcpt)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync(extension);
            Assert.Equal(mail, await peer.ExpectAsync("MAIL"));
            await peer.SendAsync("250 ok\r\n");
            Assert.Equal(rcpt, await peer.ExpectAsync("RCPT"));
            await peer.SendAsync("250 ok\r\n");
            await peer.AnswerAsync("DATA", "354 go\r\n");
            await peer.ReadDataAsync();
            await peer.SendAsync("250 ok\r\n");
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });

        var transaction = Rich with { Is8Bit = extension == "8BITMIME", IsUtf8 = extension == "SMTPUTF8", Content = new MemoryStream() };
        Assert.True((await ClientFixture.SendOnceAsync(server, transaction)).Recipients[0].IsTaken);
    }

    [Theory]
    [InlineData("utf-8;jöhn@mx.example", "utf-8;j\\x{F6}hn@mx.example")]
    [InlineData("utf-8;😀@mx.example", "utf-8;\\x{1F600}@mx.example")]
    public async Task An_original_recipient_beyond_ASCII_is_written_in_ASCII_where_MAIL_says_no_SMTPUTF8(string original, string written)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("DSN");
            await peer.ExpectAsync("MAIL");
            await peer.SendAsync("250 ok\r\n");
            Assert.Equal($"RCPT TO:<b@mx.example> ORCPT={written}", await peer.ExpectAsync("RCPT"));
            await peer.SendAsync("250 ok\r\n");
            await peer.AnswerAsync("DATA", "354 go\r\n");
            await peer.ReadDataAsync();
            await peer.SendAsync("250 ok\r\n");
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });

        var transaction = ClientFixture.Mail() with { Recipients = [new SmtpTransactionRecipient("b@mx.example", null, original)] };
        Assert.True((await ClientFixture.SendOnceAsync(server, transaction)).Recipients[0].IsTaken);
    }

    [Theory]
    [InlineData(ClientFixture.Message, ClientFixture.Message + ".\r\n")]
    [InlineData("no line end", "no line end\r\n.\r\n")]
    [InlineData("", ".\r\n")]
    [InlineData(".\r\n..\r\n", "..\r\n...\r\n.\r\n")]
    [InlineData("\u00e9\u0001\t\u00ff\r\n", "\u00e9\u0001\t\u00ff\r\n.\r\n")]
    public async Task The_bytes_arrive_as_they_are_but_for_the_dots(string content, string expected)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            Assert.Equal(expected, await peer.TakeMailAsync());
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });
        var result = await ClientFixture.SendOnceAsync(server, ClientFixture.Mail(content));
        Assert.Equal("250 2.0.0 taken", result.Recipients[0].Reply.ToString());
    }

    [Fact]
    public async Task The_null_path_is_sent_as_such()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.TakeMailAsync();
            Assert.Equal("MAIL FROM:<>", peer.Lines[1]);
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });
        await ClientFixture.SendOnceAsync(server, ClientFixture.Mail() with { Sender = "" });
    }

    [Fact]
    public async Task An_announced_pipeline_takes_the_whole_envelope_at_once()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("PIPELINING");
            // Nothing is answered before all has come: a client that waited would hang here.
            await peer.ExpectAsync("MAIL FROM:<a@client.example>");
            await peer.ExpectAsync("RCPT TO:<b@mx.example>");
            await peer.ExpectAsync("RCPT TO:<c@mx.example>");
            await peer.ExpectAsync("DATA");
            await peer.SendAsync("250 ok\r\n250-two\r\n250 lines\r\n550 5.1.1 no c\r\n354 go\r\n");
            Assert.Equal(ClientFixture.Message + ".\r\n", await peer.ReadDataAsync());
            await peer.SendAsync("250 ok\r\n");
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });
        var result = await ClientFixture.SendOnceAsync(server, ClientFixture.Mail(ClientFixture.Message, "b@mx.example", "c@mx.example"));
        AssertResults(result, (SmtpClientPhase.EndOfData, 250), (SmtpClientPhase.Rcpt, 550));
    }

    [Fact]
    public async Task More_recipients_than_a_group_takes_go_in_several()
    {
        var all = Enumerable.Range(0, 250).Select(i => $"r{i}@mx.example").ToArray();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("PIPELINING");
            await peer.AnswerAsync("MAIL", "250 ok\r\n");
            foreach (var one in all) await peer.AnswerAsync($"RCPT TO:<{one}>", "250 ok\r\n");
            await peer.AnswerAsync("DATA", "354 go\r\n");
            await peer.ReadDataAsync();
            await peer.SendAsync("250 ok\r\n");
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });
        var result = await ClientFixture.SendOnceAsync(server, ClientFixture.Mail(ClientFixture.Message, all));
        Assert.All(result.Recipients, recipient => Assert.True(recipient.IsTaken));
        Assert.Equal(250, result.Recipients.Length);
    }

    [Theory]
    [InlineData("250 ok\r\n550 5.1.1 no\r\n503 no recipients\r\n", SmtpClientPhase.Rcpt, 550, true)]
    [InlineData("250 ok\r\n450 4.2.1 later\r\n554 no valid recipients\r\n", SmtpClientPhase.Rcpt, 450, true)]
    [InlineData("550 5.7.1 not you\r\n503 need MAIL\r\n503 need MAIL\r\n", SmtpClientPhase.Mail, 550, false)]
    [InlineData("250 ok\r\n250 ok\r\n451 4.3.0 not now\r\n", SmtpClientPhase.Data, 451, true)]
    public async Task A_pipelined_refusal_counts_where_it_was_said(string replies, SmtpClientPhase phase, int code, bool resets)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("PIPELINING");
            await peer.ExpectAsync("MAIL");
            await peer.ExpectAsync("RCPT");
            await peer.ExpectAsync("DATA");
            await peer.SendAsync(replies);
            if (resets) await peer.AnswerAsync("RSET", "250 ok\r\n");
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });
        AssertResults(await ClientFixture.SendOnceAsync(server, ClientFixture.Mail()), (phase, code));
    }

    [Theory]
    [InlineData("250 ok\r\n550 no\r\n354 go\r\n", SmtpClientPhase.Rcpt)]
    [InlineData("550 no\r\n503 no\r\n354 go\r\n", SmtpClientPhase.Mail)]
    public async Task A_354_without_recipients_gets_a_dot_alone(string replies, SmtpClientPhase phase)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("PIPELINING");
            await peer.ExpectAsync("MAIL");
            await peer.ExpectAsync("RCPT");
            await peer.ExpectAsync("DATA");
            await peer.SendAsync(replies);
            Assert.Equal(".\r\n", await peer.ReadDataAsync());
            await peer.SendAsync("554 no valid recipients\r\n");
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });
        AssertResults(await ClientFixture.SendOnceAsync(server, ClientFixture.Mail()), (phase, 550));
    }

    [Fact]
    public async Task Without_leave_to_pipeline_each_command_waits_for_its_reply()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("PIPELINING");
            await peer.ExpectAsync("MAIL");
            // A pipelining client has already sent RCPT and DATA with MAIL; this one cannot have.
            Assert.Equal(0, peer.PendingOctets);
            await peer.SendAsync("250 ok\r\n");
            await peer.ExpectAsync("RCPT");
            Assert.Equal(0, peer.PendingOctets);
            await peer.SendAsync("250 ok\r\n");
            await peer.AnswerAsync("DATA", "354 go\r\n");
            await peer.ReadDataAsync();
            await peer.SendAsync("250 ok\r\n");
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });
        var options = ClientFixture.Options with { AllowsPipelining = false };
        Assert.True((await ClientFixture.SendOnceAsync(server, ClientFixture.Mail(), options)).Recipients[0].IsTaken);
    }

    [Fact]
    public async Task A_refused_recipient_does_not_keep_the_mail_from_the_others()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.AnswerAsync("MAIL", "250 ok\r\n");
            await peer.AnswerAsync("RCPT TO:<b@", "550 5.1.1 no b\r\n");
            await peer.AnswerAsync("RCPT TO:<c@", "251 will forward\r\n");
            await peer.AnswerAsync("RCPT TO:<d@", "452 4.5.3 enough\r\n");
            await peer.AnswerAsync("DATA", "354 go\r\n");
            await peer.ReadDataAsync();
            await peer.SendAsync("250-taken\r\n250 as 1234\r\n");
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });
        var result = await ClientFixture.SendOnceAsync(
            server, ClientFixture.Mail(ClientFixture.Message, "b@mx.example", "c@mx.example", "d@mx.example"));
        AssertResults(result, (SmtpClientPhase.Rcpt, 550), (SmtpClientPhase.EndOfData, 250), (SmtpClientPhase.Rcpt, 452));
        Assert.Equal("550 5.1.1 no b", result.Recipients[0].Reply.ToString());
        Assert.Equal("250-taken\n250 as 1234", result.Recipients[1].Reply.ToString());
    }

    [Fact]
    public async Task All_or_none_ends_at_the_first_refusal_and_resets()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("PIPELINING");
            await peer.AnswerAsync("MAIL", "250 ok\r\n");
            await peer.AnswerAsync("RCPT TO:<b@", "250 ok\r\n");
            await peer.AnswerAsync("RCPT TO:<c@", "550 5.1.1 no c\r\n");
            await peer.AnswerAsync("RSET", "250 ok\r\n");
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });
        var options = ClientFixture.Options with { AllRecipientsOrNone = true };
        var mail = ClientFixture.Mail(ClientFixture.Message, "b@mx.example", "c@mx.example", "d@mx.example");
        AssertResults(await ClientFixture.SendOnceAsync(server, mail, options),
            (SmtpClientPhase.Rcpt, 550), (SmtpClientPhase.Rcpt, 550), (SmtpClientPhase.Rcpt, 550));
    }

    [Fact]
    public async Task A_421_amid_the_recipients_is_the_answer_for_those_behind_it()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.AnswerAsync("MAIL", "250 ok\r\n");
            await peer.AnswerAsync("RCPT TO:<b@", "550 5.1.1 no b\r\n");
            await peer.AnswerAsync("RCPT TO:<c@", "421 4.3.2 closing\r\n");
            await peer.ExpectCloseAsync();
        });
        using var connection = await ClientFixture.ConnectAsync(server);
        var result = await connection.SendAsync(
            ClientFixture.Mail(ClientFixture.Message, "b@mx.example", "c@mx.example", "d@mx.example"), TestContext.Current.CancellationToken);
        AssertResults(result, (SmtpClientPhase.Rcpt, 550), (SmtpClientPhase.Rcpt, 421), (SmtpClientPhase.Rcpt, 421));
        Assert.False(connection.IsUsable);
    }

    [Fact]
    public async Task A_354_of_two_lines_is_one_reply()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.AnswerAsync("MAIL", "250 ok\r\n");
            await peer.AnswerAsync("RCPT", "250 ok\r\n");
            await peer.AnswerAsync("DATA", "354-send\r\n354 it\r\n");
            await peer.ReadDataAsync();
            await peer.SendAsync("550-5.7.1 no\r\n550 5.7.1 virus\r\n");
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });
        var result = await ClientFixture.SendOnceAsync(server, ClientFixture.Mail());
        Assert.Equal("550-5.7.1 no\n550 5.7.1 virus", result.Recipients[0].Reply.ToString());
        Assert.False(result.Recipients[0].IsTaken);
    }

    [Theory]
    [InlineData("8bit", "SIZE", "5.6.3")]
    [InlineData("utf8", "8BITMIME", "5.6.7")]
    [InlineData("size", "SIZE 24", "5.3.4")]
    public async Task What_the_server_did_not_announce_is_not_sent(string need, string announced, string status)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync(announced);
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });
        var mail = ClientFixture.Mail() with { Is8Bit = need == "8bit", IsUtf8 = need == "utf8", Bytes = 25 };
        var result = await ClientFixture.SendOnceAsync(server, mail);
        Assert.Equal(SmtpClientPhase.Capabilities, result.Recipients[0].Phase);
        Assert.True(result.Recipients[0].Reply.IsPermanent);
        Assert.Equal(status, result.Recipients[0].Reply.Enhanced?.ToString());
    }

    [Fact]
    public async Task A_caller_may_have_8_bit_content_sent_as_it_is()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            Assert.Equal("caf\u00e9\r\n.\r\n", await peer.TakeMailAsync());
            Assert.Equal("MAIL FROM:<a@client.example>", peer.Lines[1]);
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });
        var options = ClientFixture.Options with { SendsUnannounced8Bit = true };
        var mail = ClientFixture.Mail("caf\u00e9\r\n") with { Is8Bit = true };
        Assert.True((await ClientFixture.SendOnceAsync(server, mail, options)).Recipients[0].IsTaken);
    }

    [Fact]
    public async Task Addresses_beyond_ascii_go_as_utf8()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("SMTPUTF8");
            await peer.TakeMailAsync();
            Assert.Equal("MAIL FROM:<jos\u00e9@client.example> SMTPUTF8", peer.Lines[1]);
            Assert.Equal("RCPT TO:<\u7528\u6237@mx.example>", peer.Lines[2]);
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });
        var mail = ClientFixture.Mail(ClientFixture.Message, "\u7528\u6237@mx.example") with { Sender = "jos\u00e9@client.example", IsUtf8 = true };
        Assert.True((await ClientFixture.SendOnceAsync(server, mail)).Recipients[0].IsTaken);
    }

    [Theory]
    [InlineData("a@b.example>\r\nRCPT TO:<x@y.example", "b@mx.example", null)]
    [InlineData("a@b.example", "b@mx.example\nDATA", null)]
    [InlineData("a@b.example", "b@mx.example", "id SIZE=1")]
    public async Task An_envelope_that_would_smuggle_in_a_command_is_never_sent(string sender, string recipient, string? envid)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("DSN", "PIPELINING");
            await peer.ExpectCloseAsync();
        });
        using var connection = await ClientFixture.ConnectAsync(server);
        var mail = ClientFixture.Mail(ClientFixture.Message, recipient) with { Sender = sender, EnvelopeId = envid };
        await Assert.ThrowsAsync<ArgumentException>(() => connection.SendAsync(mail, TestContext.Current.CancellationToken));
        Assert.False(connection.IsUsable);
    }

    private static void AssertResults(SmtpSendResult result, params (SmtpClientPhase Phase, int Code)[] expected) =>
        Assert.Equal(expected, result.Recipients.Select(recipient => (recipient.Phase, recipient.Reply.Code)));
}
