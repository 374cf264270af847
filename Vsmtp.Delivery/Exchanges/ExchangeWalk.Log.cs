using Microsoft.Extensions.Logging;

namespace Vsmtp.Delivery.Exchanges;

internal sealed partial class ExchangeWalk
{
    [LoggerMessage(EventId = DeliveryEvents.PolicyTrialFailed, Level = LogLevel.Warning,
        Message = "{MailId}: goes on, since the domain only tests: {Why}")]
    private static partial void LogTrialFailed(ILogger log, string mailId, string why);
}
