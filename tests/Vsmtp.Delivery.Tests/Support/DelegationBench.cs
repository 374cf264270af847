using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Delegation;
using Vsmtp.Mail.Delegation;
using Vsmtp.Smtp.Tests.Client;

namespace Vsmtp.Delivery.Tests.Support;

/// <summary>A delegation sender with all that it needs.</summary>
internal sealed class DelegationBench : IAsyncDisposable
{
    public const string MailId = "m-00-01jd0000000000000000000000";
    public const string Message = "Subject: hello\r\n\r\nbody\r\n";

    private bool _isDisposed;

    /// <param name="options">Default: all defaults.</param>
    /// <param name="paces">Those of a cluster that this is one process of; default: its own.</param>
    public DelegationBench(DeliveryOptions? options = null, PaceHost? paces = null)
    {
        Grains = new RecordingGrains(paces);
        Sender = new DelegationSender(
            Grains, Contents, new ServingStore(), options ?? new DeliveryOptions { ServerName = "vsmtp.example" }, TimeProvider.System,
            NullLogger<DelegationSender>.Instance);
    }

    public MemoryContents Contents { get; } = new();

    public RecordingGrains Grains { get; }

    public DelegationTicket Ticket { get; } = DelegationTicket.Create(MailId);

    public DelegationSender Sender { get; }

    public static SmtpServiceSettings Service(ScriptedSmtpServer server) => new()
    {
        Name = "clamsmtpd",
        Delegator = server.Destination.ToString(),
        Receiver = "127.0.0.1:10025",
        Timeout = TimeSpan.FromSeconds(20),
    };

    public DelegationJob Job(SmtpServiceSettings service, string content = Message, int attempt = 1, params string[] recipients) =>
        Job(service, Contents.Add(content), attempt, recipients);

    public DelegationJob Job(SmtpServiceSettings service, ContentId content, int attempt = 1, params string[] recipients) => new()
    {
        MailId = MailId,
        Attempt = attempt,
        Ticket = Ticket.Text,
        Service = service,
        Stage = "postq",
        Directive = "check email for virus",
        Envelope = new MailEnvelope
        {
            Sender = "a@client.example",
            Recipients = [.. (recipients.Length == 0 ? ["b@mx.example"] : recipients).Select(r => new MailRecipient { Address = r })],
        },
        Content = content,
        HeaderChanges = [],
    };

    /// <summary>Offers a job, which must be taken, and waits for its report.</summary>
    public async Task<DelegationReport> SendAsync(DelegationJob job)
    {
        Assert.True(Sender.Offer(job));
        var (mailId, report) = await Grains.NextAsync<DelegationReport>();
        Assert.Equal((job.MailId, job.Attempt), (mailId, report.Attempt));
        return report;
    }

    /// <summary>A test whose server waits for QUIT disposes the bench itself, before the server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        await Sender.StopAsync(CancellationToken.None);
        await Sender.DisposeAsync();
    }
}
