using System.Collections.Immutable;
using Vsmtp.Smtp.Replies;

namespace Vsmtp.Smtp.Client;

/// <summary>The replies to one transaction as they come in, and what they make of each recipient.</summary>
internal sealed class SmtpProgress(int recipients)
{
    private readonly SmtpRecipientResult?[] _decided = new SmtpRecipientResult?[recipients];

    /// <summary>The server has a sender and no end of it: it must get RSET before another MAIL.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>At least one recipient was taken and is not decided otherwise.</summary>
    public bool HasRecipients => Array.Exists(_decided, result => result is null);

    /// <exception cref="SmtpConversationException">The reply asks for more than the command had to say.</exception>
    public static bool IsDone(SmtpReply reply, SmtpClientPhase phase) =>
        reply.IsIntermediate ? throw Misplaced(phase, reply) : reply.IsPositive;

    public bool TakeMail(SmtpReply reply)
    {
        IsOpen = IsDone(reply, SmtpClientPhase.Mail);
        if (!IsOpen) DecideAll(SmtpClientPhase.Mail, reply);
        return IsOpen;
    }

    public bool TakeRcpt(int index, SmtpReply reply)
    {
        var isTaken = IsDone(reply, SmtpClientPhase.Rcpt);
        if (!isTaken) _decided[index] ??= new SmtpRecipientResult(SmtpClientPhase.Rcpt, reply);
        // The server closes: the recipients behind it get the same answer.
        if (reply.Code == 421) DecideOpen(SmtpClientPhase.Rcpt, reply);
        return isTaken;
    }

    public bool TakeData(SmtpReply reply)
    {
        if (reply.Code == 354) return true;
        if (!reply.IsNegative) throw Misplaced(SmtpClientPhase.Data, reply);
        DecideOpen(SmtpClientPhase.Data, reply);
        return false;
    }

    public void TakeEnd(SmtpReply reply)
    {
        IsOpen = false;
        IsDone(reply, SmtpClientPhase.EndOfData);
        DecideOpen(SmtpClientPhase.EndOfData, reply);
    }

    /// <summary>The message is out, and each recipient that is left is answered for itself (RFC 2033 §4.2).</summary>
    /// <returns>Which of them, in order.</returns>
    public ImmutableArray<int> BeginEnds()
    {
        IsOpen = false;
        return [.. Enumerable.Range(0, _decided.Length).Where(i => _decided[i] is null)];
    }

    /// <summary>The answer for one recipient.</summary>
    public void TakeEnd(int index, SmtpReply reply)
    {
        IsDone(reply, SmtpClientPhase.EndOfData);
        _decided[index] = new SmtpRecipientResult(SmtpClientPhase.EndOfData, reply);
        // The server closes: there are no answers for those behind it.
        if (reply.Code == 421) DecideOpen(SmtpClientPhase.EndOfData, reply);
    }

    /// <summary>One answer for those that have none.</summary>
    public void DecideOpen(SmtpClientPhase phase, SmtpReply reply)
    {
        for (var i = 0; i < _decided.Length; i++) _decided[i] ??= new SmtpRecipientResult(phase, reply);
    }

    /// <summary>One answer for all, whatever was said before.</summary>
    public void DecideAll(SmtpClientPhase phase, SmtpReply reply) => Array.Fill(_decided, new SmtpRecipientResult(phase, reply));

    /// <param name="server">Whose name and address this is.</param>
    public SmtpSendResult ToResult(SmtpClientConnection server) => new([.. _decided.Select(result => result!)], server.Server)
    {
        Host = server.Host,
        HasDsn = server.Capabilities.Dsn,
        TlsFault = server.TlsFault,
    };

    private static SmtpConversationException Misplaced(SmtpClientPhase phase, SmtpReply reply) =>
        new(phase, SmtpBreak.Protocol, $"the reply {reply} cannot stand there");
}
