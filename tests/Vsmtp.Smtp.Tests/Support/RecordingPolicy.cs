using Vsmtp.Smtp.Server;
using Vsmtp.Smtp.Server.Authentication;

namespace Vsmtp.Smtp.Tests.Support;

/// <summary>Says yes to everything unless told otherwise, and remembers what it was asked.</summary>
internal sealed class RecordingPolicy : ISmtpSessionPolicy
{
    public List<string> Calls { get; } = [];

    public List<RecordingSink> Sinks { get; } = [];

    public SmtpSessionInfo Session { get; private set; } = null!;

    public IEnumerable<RecordingSink> Messages => Sinks.Where(sink => sink.IsComplete);

    public Func<SessionVerdict> Connect { get; set; } = () => SessionVerdict.Continue;

    public Func<SmtpHelo, SessionVerdict> Helo { get; set; } = _ => SessionVerdict.Continue;

    public Func<SaslCredentials, SaslAnswer> Authenticate { get; set; } = _ => SaslAnswer.Refused;

    /// <summary>For how long who fails to authenticate is to wait.</summary>
    public Func<TimeSpan> NotAuthenticated { get; set; } = () => TimeSpan.Zero;

    public Func<SmtpTransaction, SessionVerdict> Mail { get; set; } = _ => SessionVerdict.Continue;

    public Func<SmtpRecipient, SessionVerdict> Rcpt { get; set; } = _ => SessionVerdict.Continue;

    public Func<RecordingSink, DataVerdict> Data { get; set; } = sink => new DataVerdict.Take(sink);

    public Func<SessionVerdict> Complete { get; set; } = () => SessionVerdict.Continue;

    /// <summary>Runs in every call of <see cref="IMessageSink.WriteAsync"/>.</summary>
    public Func<ValueTask> Write { get; set; } = () => ValueTask.CompletedTask;

    public ValueTask<SessionVerdict> OnConnectAsync(SmtpSessionInfo session, CancellationToken cancellationToken)
    {
        Calls.Add("connect");
        Session = session;
        return ValueTask.FromResult(Connect());
    }

    public ValueTask<SessionVerdict> OnHeloAsync(SmtpSessionInfo session, SmtpHelo helo, CancellationToken cancellationToken)
    {
        Calls.Add($"helo {helo.Name}");
        return ValueTask.FromResult(Helo(helo));
    }

    public ValueTask<SaslAnswer> OnAuthenticateAsync(SmtpSessionInfo session, SaslCredentials credentials, CancellationToken cancellationToken)
    {
        Calls.Add($"authenticate {credentials.Mechanism} {credentials.Name}");
        return ValueTask.FromResult(Authenticate(credentials));
    }

    public ValueTask OnAuthenticatedAsync(SmtpSessionInfo session, SmtpIdentity identity, CancellationToken cancellationToken)
    {
        Calls.Add($"authenticated {identity.Name}");
        return ValueTask.CompletedTask;
    }

    public ValueTask<TimeSpan> OnNotAuthenticatedAsync(SmtpSessionInfo session, CancellationToken cancellationToken)
    {
        Calls.Add("not authenticated");
        return ValueTask.FromResult(NotAuthenticated());
    }

    public ValueTask<SessionVerdict> OnMailAsync(SmtpTransaction transaction, CancellationToken cancellationToken)
    {
        Calls.Add($"mail {transaction.Sender}");
        return ValueTask.FromResult(Mail(transaction));
    }

    public ValueTask<SessionVerdict> OnRcptAsync(
        SmtpTransaction transaction, SmtpRecipient recipient, CancellationToken cancellationToken)
    {
        Calls.Add($"rcpt {recipient.Path}");
        return ValueTask.FromResult(Rcpt(recipient));
    }

    public ValueTask<DataVerdict> OnDataAsync(SmtpTransaction transaction, CancellationToken cancellationToken)
    {
        Calls.Add("data");
        var sink = new RecordingSink(this, transaction);
        Sinks.Add(sink);
        return ValueTask.FromResult(Data(sink));
    }

    public ValueTask OnResetAsync(SmtpTransaction transaction, TransactionEnd end, CancellationToken cancellationToken)
    {
        Calls.Add($"reset {end}");
        return ValueTask.CompletedTask;
    }

    public ValueTask OnDisconnectedAsync(SmtpSessionInfo session, SessionEnd end)
    {
        Calls.Add($"disconnected {end}");
        return ValueTask.CompletedTask;
    }
}
