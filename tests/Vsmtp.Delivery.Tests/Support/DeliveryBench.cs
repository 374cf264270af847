using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Exchanges;
using Vsmtp.Mail.Transfer;

namespace Vsmtp.Delivery.Tests.Support;

/// <summary>A delivery worker with all that it needs.</summary>
internal sealed class DeliveryBench : IAsyncDisposable
{
    public const string MailId = "m-00-01jd0000000000000000000000";
    public const string Message = "Subject: hello\r\n\r\nbody\r\n";

    private bool _isDisposed;

    /// <param name="grains">Those of a bench before, which keep what they were told; null: others.</param>
    public DeliveryBench(DeliveryOptions? options = null, Zone? zone = null, RecordingGrains? grains = null, ILogger<DeliveryWorker>? log = null)
    {
        Grains = grains ?? new RecordingGrains();
        Worker = new DeliveryWorker(
            Grains, Contents, new ServingStore(), new DnsResolvers(zone ?? new Zone()),
            options ?? new DeliveryOptions { ServerName = "vsmtp.example" }, TimeProvider.System, log ?? NullLogger<DeliveryWorker>.Instance);
    }

    public MemoryContents Contents { get; } = new();

    public RecordingGrains Grains { get; }

    public DeliveryWorker Worker { get; }

    public static MailRecipient Forward(string address, object target) =>
        new() { Address = address, Transport = TransportKind.Forward, Target = target.ToString() };

    /// <summary>A relay host in clear.</summary>
    public static ForwardUrl RelayAt(string host, int port) => new(host, port, TransferProtocol.Smtp, TlsLevel.None, IsTlsFirst: false);

    public static MailRecipient Relay(string address) => new() { Address = address, Transport = TransportKind.Deliver };

    public static MailRecipient Maildir(string address) => new() { Address = address, Transport = TransportKind.Maildir };

    public DeliveryJob Job(params MailRecipient[] recipients) => Job(Contents.Add(Message), recipients);

    public DeliveryJob Job(ContentId content, params MailRecipient[] recipients) => new()
    {
        MailId = MailId,
        Attempt = 1,
        Envelope = new MailEnvelope { Sender = "a@client.example", Recipients = [.. recipients] },
        Content = content,
    };

    /// <summary>Offers a job, which must be taken, and waits for its report.</summary>
    public async Task<RecipientReport[]> DeliverAsync(DeliveryJob job)
    {
        Assert.True(Worker.Offer(job));
        var (mailId, report) = await Grains.NextAsync<DeliveryReport>();
        Assert.Equal((job.MailId, job.Attempt), (mailId, report.Attempt));
        return [.. report.Recipients];
    }

    /// <summary>A test whose server waits for QUIT disposes the bench itself, before the server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        await Worker.StopAsync(CancellationToken.None);
        await Worker.DisposeAsync();
    }
}
