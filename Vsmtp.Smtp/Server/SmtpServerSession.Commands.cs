using Vsmtp.Mail.Addresses;
using Vsmtp.Smtp.Commands;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Server.Authentication;

namespace Vsmtp.Smtp.Server;

public sealed partial class SmtpServerSession
{
    /// <summary>Sends the greeting; a refusal stands in its place (RFC 5321 §3.1).</summary>
    private async ValueTask<SessionEnd?> GreetAsync()
    {
        if (_connection.IsTlsFirst && await SecureAsync(_options.Tls!).ConfigureAwait(false) is { } end) return end;
        return await WelcomeAsync().ConfigureAwait(false);
    }

    /// <summary>A proxy says for whom it speaks: it is another client that has just connected (Postfix XCLIENT_README).</summary>
    private async ValueTask<SessionEnd?> XClientAsync(XClientAttributes told)
    {
        if (told.Login is not null && _options.Auth is null) return await RefuseAsync(SmtpVerb.XClient, _options.Replies.BadArguments).ConfigureAwait(false);
        var peer = Info.Client;
        Info.SpeakFor(told);
        LogSpeaksFor(Info, peer.ToString(), Info.Client.ToString());
        (Info.Helo, Info.Identity, _phase, _told) = (null, null, SmtpPhase.Connected, null);
        (_errors, _cancelled) = (0, 0);
        if (await WelcomeAsync().ConfigureAwait(false) is { } end) return end;
        if (told.Login is not { } name || _phase is SmtpPhase.Refused) return null;
        return await TakeIdentityAsync(new SmtpIdentity(SaslMechanism.XClient, name)).ConfigureAwait(false);
    }

    /// <summary>For the next mail whose sender is accepted, and no other (Postfix XFORWARD_README).</summary>
    private ValueTask<SessionEnd?> XForwardAsync(SmtpCommand.XForward command)
    {
        _told = XForwardSyntax.Read(command.Text, _told);
        return ReplyAsync(_options.Replies.Ok);
    }

    private async ValueTask<SessionEnd?> WelcomeAsync()
    {
        var verdict = await ConnectAsync().ConfigureAwait(false);
        var greeting = _options.Greeting ?? SmtpReplies.Greeting(_options.Domain);
        if (IsRefusal(verdict))
        {
            _phase = SmtpPhase.Refused;
            return await AnswerAsync(verdict, greeting).ConfigureAwait(false);
        }

        // A second reply here would be taken for the answer to EHLO, so what a rule has to say joins the greeting.
        Write(verdict.Reply switch
        {
            null => greeting,
            var words when verdict.IsAccepted => new SmtpReply(greeting.Code, null, words.Lines),
            var words => new SmtpReply(greeting.Code, null, greeting.Lines.AddRange(words.Lines)),
        });
        return null;
    }

    private ValueTask<SessionVerdict> ConnectAsync()
    {
        _wasAsked = true;
        return AskAsync(nameof(_policy.OnConnectAsync), () => _policy.OnConnectAsync(Info, _abort), LocalError);
    }

    /// <summary>A verdict on the connection that is no word of greeting.</summary>
    private static bool IsRefusal(SessionVerdict verdict) => !verdict.IsAccepted && verdict.Reply is not { IsNegative: false };

    private async ValueTask<SessionEnd?> ExecuteAsync(ReadOnlyMemory<byte> line)
    {
        var fault = SmtpCommandParser.Parse(line.Span, Extensions, out var command);
        if (fault == CommandFault.BadChunk && _options.Extensions.HasFlag(SmtpExtensions.Chunking))
        {
            // How many octets follow that are no commands?
            LogCommandRefused(Info, SmtpVerb.Bdat, _phase, SmtpReplies.BadChunk.Code);
            return await HangUpAsync(SmtpReplies.BadChunk, SessionEnd.BadLine).ConfigureAwait(false);
        }

        if (command is null) return await RefuseAsync(SmtpVerb.Unknown, ReplyTo(fault)).ConfigureAwait(false);

        switch (command.Verb)
        {
            case SmtpVerb.Unknown:
                return await RefuseAsync(command.Verb, _options.Replies.UnknownCommand).ConfigureAwait(false);
            case SmtpVerb.Bdat when _options.Extensions.HasFlag(SmtpExtensions.Chunking):
                return await BdatAsync((SmtpCommand.Bdat)command).ConfigureAwait(false);
            case SmtpVerb.Bdat:
            case SmtpVerb.Auth when _options.Auth is null:
            case SmtpVerb.XClient when !Info.MaySpeakForOthers:
            case SmtpVerb.XForward when !Extensions.HasFlag(SmtpExtensions.XForward):
                return await RefuseAsync(command.Verb, _options.Replies.NotImplemented).ConfigureAwait(false);
        }

        if (_refusal is { } refusal && command.Verb != SmtpVerb.Quit)
        {
            _refusal = null;
            return await AnswerAsync(refusal, SmtpReplies.Denied).ConfigureAwait(false);
        }

        if (NeedsTls(command.Verb)) return await RefuseAsync(command.Verb, _options.Replies.TlsRequired).ConfigureAwait(false);
        if (!SmtpOrder.TryGet(_phase, command.Verb, out var next))
        {
            var isDataTooEarly = command.Verb == SmtpVerb.Data && _phase == SmtpPhase.Sender;
            return await RefuseAsync(command.Verb, isDataTooEarly ? SmtpReplies.NoRecipients : _options.Replies.BadSequence)
                .ConfigureAwait(false);
        }

        if (NeedsAuth(command.Verb)) return await RefuseAsync(command.Verb, _options.Replies.AuthRequired).ConfigureAwait(false);
        return command switch
        {
            SmtpCommand.Helo helo => await HeloAsync(new SmtpHelo(helo.Name, IsExtended: false), next).ConfigureAwait(false),
            SmtpCommand.Ehlo ehlo => await HeloAsync(new SmtpHelo(ehlo.Name, IsExtended: true), next).ConfigureAwait(false),
            SmtpCommand.Mail mail => await MailAsync(mail, next).ConfigureAwait(false),
            SmtpCommand.Rcpt rcpt => await RcptAsync(rcpt, next).ConfigureAwait(false),
            SmtpCommand.Data => await DataAsync(next).ConfigureAwait(false),
            SmtpCommand.Rset => await RsetAsync(next).ConfigureAwait(false),
            SmtpCommand.Quit => await QuitAsync().ConfigureAwait(false),
            SmtpCommand.XForward told => await XForwardAsync(told).ConfigureAwait(false),
            SmtpCommand.Noop => await ReplyAsync(_options.Replies.Ok).ConfigureAwait(false),
            SmtpCommand.Help => await ReplyAsync(_options.Replies.Help).ConfigureAwait(false),
            SmtpCommand.Auth auth => await AuthAsync(auth).ConfigureAwait(false),
            SmtpCommand.XClient client => await XClientAsync(client.Attributes).ConfigureAwait(false),
            SmtpCommand.StartTls => await StartTlsAsync().ConfigureAwait(false),
            // RFC 5321 §7.3: who is here is not told.
            _ => await RefuseAsync(command.Verb, _options.Replies.NotImplemented).ConfigureAwait(false),
        };
    }

    private SmtpReply ReplyTo(CommandFault fault) => fault switch
    {
        CommandFault.BadLine => _options.Replies.UnknownCommand,
        CommandFault.LineTooLong => SmtpReplies.LineTooLong,
        CommandFault.BadSender => SmtpReplies.BadSenderSyntax,
        CommandFault.BadRecipient => SmtpReplies.BadRecipientSyntax,
        CommandFault.UnknownParameter => _options.Replies.UnknownParameter,
        _ => _options.Replies.BadArguments,
    };

    private ValueTask<SessionEnd?> RefuseAsync(SmtpVerb verb, SmtpReply reply)
    {
        LogCommandRefused(Info, verb, _phase, reply.Code);
        return ReplyAsync(reply);
    }

    private async ValueTask<SessionEnd?> HeloAsync(SmtpHelo helo, SmtpPhase next)
    {
        if (helo.IsExtended && _options.IsEhloDisabled)
        {
            return await RefuseAsync(SmtpVerb.Ehlo, _options.Replies.NotImplemented).ConfigureAwait(false);
        }

        var verdict = await AskAsync(
            nameof(_policy.OnHeloAsync), () => _policy.OnHeloAsync(Info, helo, _abort), LocalError).ConfigureAwait(false);
        // RFC 5321 §4.1.4: a HELO that is not accepted changes nothing.
        if (!verdict.IsAccepted) return await AnswerAsync(verdict, SmtpReplies.Denied).ConfigureAwait(false);

        await EndTransactionAsync(TransactionEnd.Helo, _abort).ConfigureAwait(false);
        Info.Helo = helo;
        _phase = next;
        if (helo.IsExtended) return await SendAsync(EhloReply.For(_options, Extensions, Info, verdict.Reply)).ConfigureAwait(false);
        return await AnswerAsync(verdict, _options.Replies.Helo).ConfigureAwait(false);
    }

    private async ValueTask<SessionEnd?> MailAsync(SmtpCommand.Mail mail, SmtpPhase next)
    {
        if (mail.Path.RequiresSmtpUtf8 && !mail.Parameters.IsSmtpUtf8)
        {
            return await RefuseAsync(mail.Verb, SmtpReplies.NeedsSmtpUtf8).ConfigureAwait(false);
        }

        if (_connection.IsSubmission && !IsFullyQualified(mail.Path.Address))
        {
            return await RefuseAsync(mail.Verb, SmtpReplies.SenderNotQualified).ConfigureAwait(false);
        }

        // RFC 1870 §6.1: refused before the client sends it.
        if (mail.Parameters.DeclaredBytes > _options.MaxMessageBytes)
        {
            return await RefuseAsync(mail.Verb, _options.Replies.MessageTooBig).ConfigureAwait(false);
        }

        var transaction = new SmtpTransaction(Info, Info.Helo!, mail.Path, mail.Parameters, _time.GetUtcNow()) { ToldOrigin = _told };
        var verdict = await AskAsync(
            nameof(_policy.OnMailAsync), () => _policy.OnMailAsync(transaction, _abort), LocalError).ConfigureAwait(false);
        if (verdict.IsAccepted)
        {
            (_transaction, _told) = (transaction, null);
            _phase = next;
        }

        return await AnswerAsync(verdict, _options.Replies.SenderOk).ConfigureAwait(false);
    }

    /// <summary>RFC 6409 §4.2; the null path and <c>&lt;Postmaster&gt;</c> have no domain to be so.</summary>
    private static bool IsFullyQualified(MailAddress? address) => address is null || address.Domain.AsSpan().ContainsAny('.', '[');

    private async ValueTask<SessionEnd?> RcptAsync(SmtpCommand.Rcpt rcpt, SmtpPhase next)
    {
        var transaction = _transaction!;
        if (transaction.Recipients.Count >= _options.MaxRecipients)
        {
            return await RefuseAsync(rcpt.Verb, _options.Replies.TooManyRecipients).ConfigureAwait(false);
        }

        if ((rcpt.Path.RequiresSmtpUtf8 || rcpt.Parameters.RequiresSmtpUtf8) && !transaction.Parameters.IsSmtpUtf8)
        {
            return await RefuseAsync(rcpt.Verb, SmtpReplies.NeedsSmtpUtf8).ConfigureAwait(false);
        }

        if (_connection.IsSubmission && !IsFullyQualified(rcpt.Path.Address))
        {
            return await RefuseAsync(rcpt.Verb, SmtpReplies.RecipientNotQualified).ConfigureAwait(false);
        }

        var recipient = new SmtpRecipient(rcpt.Path, rcpt.Parameters);
        var verdict = await AskAsync(
            nameof(_policy.OnRcptAsync), () => _policy.OnRcptAsync(transaction, recipient, _abort), LocalError)
            .ConfigureAwait(false);
        if (verdict.IsAccepted)
        {
            transaction.Add(recipient);
            _phase = next;
        }

        return await AnswerAsync(verdict, _options.Replies.RecipientOk).ConfigureAwait(false);
    }

    private async ValueTask<SessionEnd?> RsetAsync(SmtpPhase next)
    {
        await EndTransactionAsync(TransactionEnd.Reset, _abort).ConfigureAwait(false);
        _phase = next;
        return await ReplyAsync(_options.Replies.Ok).ConfigureAwait(false);
    }

    private async ValueTask<SessionEnd?> QuitAsync()
    {
        await EndTransactionAsync(TransactionEnd.Quit, _abort).ConfigureAwait(false);
        await HangUpAsync(_options.Replies.Closing, SessionEnd.Quit).ConfigureAwait(false);
        return SessionEnd.Quit;
    }
}
