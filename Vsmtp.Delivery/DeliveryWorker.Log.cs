using Microsoft.Extensions.Logging;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Delivery;

public sealed partial class DeliveryWorker
{
    [LoggerMessage(EventId = DeliveryEvents.Delivered, Level = LogLevel.Information,
        Message = "{MailId}: attempt {Attempt}: {Recipient}: {Result}: {Detail}")]
    private partial void LogDone(string mailId, int attempt, string recipient, DeliveryResult result, string detail);

    [LoggerMessage(EventId = DeliveryEvents.DeliveryFault, Level = LogLevel.Error,
        Message = "{MailId}: attempt {Attempt}: a delivery failed here")]
    private partial void LogFault(string mailId, int attempt, Exception e);
}
