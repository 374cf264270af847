using Microsoft.Extensions.Logging;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Delivery.Delegation;

public sealed partial class DelegationSender
{
    private void Log(DelegationJob job, DelegationReport report)
    {
        if (report.Result == DelegationSendResult.Accepted) LogSent(job.MailId, job.Attempt, job.Service.Name, report.Detail);
        else LogFailed(job.MailId, job.Attempt, job.Service.Name, report.Result, report.Detail);
    }

    [LoggerMessage(EventId = DeliveryEvents.DelegationSent, Level = LogLevel.Information,
        Message = "{MailId}: attempt {Attempt}: {Service} took it: {Detail}")]
    private partial void LogSent(string mailId, int attempt, string service, string detail);

    [LoggerMessage(EventId = DeliveryEvents.DelegationFailed, Level = LogLevel.Information,
        Message = "{MailId}: attempt {Attempt}: {Service}: {Result}: {Detail}")]
    private partial void LogFailed(string mailId, int attempt, string service, DelegationSendResult result, string detail);

    [LoggerMessage(EventId = DeliveryEvents.DelegationFault, Level = LogLevel.Error,
        Message = "{MailId}: attempt {Attempt}: it could not be sent to {Service}")]
    private partial void LogFault(string mailId, int attempt, string service, Exception e);
}
