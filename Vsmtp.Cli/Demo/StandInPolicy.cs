using System.Buffers;
using System.Net;
using Vsmtp.Mail.Headers;
using Vsmtp.Smtp.Client;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Server;

namespace Vsmtp.Cli.Demo;

/// <summary>Takes a mail, looks at it, and passes it on before it answers, as clamsmtpd does.</summary>
internal sealed class StandInPolicy(IPEndPoint receiver) : ISmtpSessionPolicy
{
    // In two parts, so that no scanner takes this program for the test file.
    private static readonly byte[] Eicar = [.. "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR"u8, .. "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"u8];

    public ValueTask<SessionVerdict> OnConnectAsync(SmtpSessionInfo session, CancellationToken cancellationToken) => Continue;

    public ValueTask<SessionVerdict> OnHeloAsync(SmtpSessionInfo session, SmtpHelo helo, CancellationToken cancellationToken) => Continue;

    public ValueTask<SessionVerdict> OnMailAsync(Vsmtp.Smtp.Server.SmtpTransaction transaction, CancellationToken cancellationToken) => Continue;

    public ValueTask<SessionVerdict> OnRcptAsync(
        Vsmtp.Smtp.Server.SmtpTransaction transaction, SmtpRecipient recipient, CancellationToken cancellationToken) => Continue;

    public ValueTask<DataVerdict> OnDataAsync(Vsmtp.Smtp.Server.SmtpTransaction transaction, CancellationToken cancellationToken) =>
        ValueTask.FromResult<DataVerdict>(new DataVerdict.Take(new Message(receiver, transaction)));

    public ValueTask OnResetAsync(Vsmtp.Smtp.Server.SmtpTransaction transaction, TransactionEnd end, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;

    public ValueTask OnDisconnectedAsync(SmtpSessionInfo session, SessionEnd end) => ValueTask.CompletedTask;

    private static ValueTask<SessionVerdict> Continue => ValueTask.FromResult(SessionVerdict.Continue);

    private sealed class Message(IPEndPoint receiver, Vsmtp.Smtp.Server.SmtpTransaction transaction) : IMessageSink
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            _bytes.Write(bytes.Span);
            return ValueTask.CompletedTask;
        }

        public async ValueTask<SessionVerdict> CompleteAsync(CancellationToken cancellationToken)
        {
            var message = _bytes.WrittenMemory;
            var headers = HeaderBlock.Parse(message);
            var isInfected = message.Span.IndexOf(Eicar) >= 0;
            headers.Append(isInfected ? "X-Virus-Infected" : "X-Virus-Scanned", isInfected ? "Virus Detected!" : "the demo's stand-in filter");
            byte[] marked = [.. headers.ToArray(), .. message.Span[headers.ParsedBytes..]];
            using var content = new MemoryStream(marked);
            using var connection = await SmtpClientConnection.ConnectAsync(
                new SmtpDestination(receiver.Address.ToString(), receiver.Port),
                new SmtpClientOptions { HeloName = transaction.Helo.Name, AllowsPipelining = false }, TimeProvider.System, cancellationToken);
            var result = await connection.SendAsync(Passed(content), cancellationToken);
            return Verdict(result.Recipients[0].Reply);
        }

        public ValueTask AbortAsync(MessageAbort reason) => ValueTask.CompletedTask;

        private Vsmtp.Smtp.Client.SmtpTransaction Passed(Stream content) => new()
        {
            Sender = transaction.Sender.Address?.ToString() ?? "",
            Recipients = [.. transaction.Recipients.Select(recipient => new SmtpTransactionRecipient(recipient.Path.Address?.ToString() ?? "postmaster"))],
            Content = content,
            EnvelopeId = transaction.Parameters.EnvelopeId,
        };

        private static SessionVerdict Verdict(SmtpReply reply) =>
            reply.IsPositive ? SessionVerdict.ContinueWith(reply) : SessionVerdict.Inform(reply);
    }
}
