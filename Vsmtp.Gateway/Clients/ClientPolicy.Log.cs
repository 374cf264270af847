using Microsoft.Extensions.Logging;

namespace Vsmtp.Gateway.Clients;

internal sealed partial class ClientPolicy
{
    private readonly ILogger _logger = services.Logger;

    [LoggerMessage(EventId = GatewayEvents.RuleFailed, Level = LogLevel.Error, Message = "{Session}: the rules of {Stage} failed: {Fault} ({Source})")]
    private partial void LogRuleFailed(string session, string stage, string fault, string? source);

    [LoggerMessage(EventId = GatewayEvents.MailAccepted, Level = LogLevel.Information, Message = "{Session}: {Mail} accepted, {Length} octets for {Recipients} recipients")]
    private partial void LogMailAccepted(string session, string mail, long length, int recipients);

    [LoggerMessage(EventId = GatewayEvents.MailRefused, Level = LogLevel.Information, Message = "{Session}: a message is refused with {Reply}")]
    private partial void LogMailRefused(string session, string reply);

    [LoggerMessage(EventId = GatewayEvents.AcceptFailed, Level = LogLevel.Error, Message = "{Session}: {Mail} could not be accepted")]
    private partial void LogAcceptFailed(Exception fault, string session, string mail);

    [LoggerMessage(EventId = GatewayEvents.RateExceeded, Level = LogLevel.Information, Message = "{Session}: told to come later: {Reply}")]
    private partial void LogTooFast(string session, string reply);
}
