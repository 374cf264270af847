using Microsoft.Extensions.Logging;
using Vsmtp.Contracts.TlsPolicies;

namespace Vsmtp.Delivery.TlsPolicies;

internal sealed partial class StsPolicies
{
    [LoggerMessage(EventId = DeliveryEvents.PolicyFetched, Level = LogLevel.Information,
        Message = "{Domain}: MTA-STS policy fetched: {Mode}, for {MaxAge}, hosts: {Hosts}")]
    private partial void LogFetched(string domain, TlsPolicyMode mode, TimeSpan maxAge, string hosts);

    [LoggerMessage(EventId = DeliveryEvents.PolicyNotFetched, Level = LogLevel.Warning,
        Message = "{Domain}: DNS speaks of an MTA-STS policy that could not be had; {Consequence}: {Why}")]
    private partial void LogNotFetched(string domain, string consequence, string why);

    [LoggerMessage(EventId = DeliveryEvents.PolicyNotKept, Level = LogLevel.Warning,
        Message = "{Domain}: its MTA-STS policy is heeded, and would be forgotten at a restart: the store did not take it; tried again")]
    private partial void LogNotKept(string domain, Exception e);
}
