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

    [LoggerMessage(EventId = DeliveryEvents.ServiceDown, Level = LogLevel.Warning,
        Message = "{Service} at {Delegator} failed too often in a row; until it answers, one mail at a time is tried: {Fault}")]
    private partial void LogServiceDown(string service, string delegator, string fault);

    [LoggerMessage(EventId = DeliveryEvents.ServiceUp, Level = LogLevel.Information,
        Message = "{Service} at {Delegator} answers again; the mails that wait for it go on")]
    private partial void LogServiceUp(string service, string delegator);

    [LoggerMessage(EventId = DeliveryEvents.Poison, Level = LogLevel.Warning,
        Message = "{MailId}: it broke the conversation with {Service} {Times} while other mails passed; it is set apart")]
    private partial void LogPoison(string mailId, string service, string times);

    [LoggerMessage(EventId = DeliveryEvents.CallFailed, Level = LogLevel.Debug,
        Message = "{MailId}: its grain could not be called for its turn with {Service}")]
    private partial void LogCallFailed(string mailId, string service, Exception e);
}
