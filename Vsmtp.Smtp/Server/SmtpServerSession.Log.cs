using Microsoft.Extensions.Logging;
using Vsmtp.Smtp.Commands;

namespace Vsmtp.Smtp.Server;

public sealed partial class SmtpServerSession
{
    [LoggerMessage(EventId = SmtpEvents.CommandRefused, Level = LogLevel.Information,
        Message = "{Session}: {Verb} refused in {Phase} with {Code}")]
    private partial void LogCommandRefused(SmtpSessionInfo session, SmtpVerb verb, SmtpPhase phase, int code);

    [LoggerMessage(EventId = SmtpEvents.MessageRefused, Level = LogLevel.Information,
        Message = "{Session}: message of {Octets} octets or more refused: {Reason}")]
    private partial void LogMessageRefused(SmtpSessionInfo session, long octets, MessageAbort reason);

    [LoggerMessage(EventId = SmtpEvents.PolicyFailed, Level = LogLevel.Error, Message = "{Session}: {Step} failed in {Phase}")]
    private partial void LogPolicyFailed(Exception exception, SmtpSessionInfo session, string step, SmtpPhase phase);

    [LoggerMessage(EventId = SmtpEvents.Secured, Level = LogLevel.Debug, Message = "{Session}: under {Version} with {Cipher}")]
    private partial void LogSecured(SmtpSessionInfo session, string version, string cipher);

    [LoggerMessage(EventId = SmtpEvents.TlsFailed, Level = LogLevel.Information, Message = "{Session}: no TLS handshake: {Reason}")]
    private partial void LogTlsFailed(SmtpSessionInfo session, string reason);

    [LoggerMessage(EventId = SmtpEvents.CommandsInjected, Level = LogLevel.Information,
        Message = "{Session}: {Octets} octets in clear behind STARTTLS: somebody may sit between; the connection is closed")]
    private partial void LogCommandsInjected(SmtpSessionInfo session, long octets);

    [LoggerMessage(EventId = SmtpEvents.Authenticated, Level = LogLevel.Information,
        Message = "{Session}: authenticated as \"{Name}\" by {Mechanism}")]
    private partial void LogAuthenticated(SmtpSessionInfo session, string name, string mechanism);

    [LoggerMessage(EventId = SmtpEvents.NotAuthenticated, Level = LogLevel.Information, Message = "{Session}: not authenticated by {Mechanism}")]
    private partial void LogNotAuthenticated(SmtpSessionInfo session, string mechanism);

    [LoggerMessage(EventId = SmtpEvents.SpeaksFor, Level = LogLevel.Information, Message = "{Session}: {Peer} speaks for {Client}")]
    private partial void LogSpeaksFor(SmtpSessionInfo session, string peer, string client);

    [LoggerMessage(EventId = SmtpEvents.SessionEnded, Level = LogLevel.Debug, Message = "{Session}: ended, {End}")]
    private partial void LogSessionEnded(SmtpSessionInfo session, SessionEnd end);
}
