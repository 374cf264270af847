using Microsoft.Extensions.Logging;

namespace Vsmtp.Grains.Mail;

public sealed partial class MailGrain
{
    [LoggerMessage(EventId = GrainEvents.Unreadable, Level = LogLevel.Error, Message = "{Mail}: {Fault}")]
    private partial void LogUnreadable(string mail, string fault);

    [LoggerMessage(EventId = GrainEvents.ScriptFailed, Level = LogLevel.Error, Message = "{Mail}: {Stage} failed: {Fault} ({Source})")]
    private partial void LogScriptFailed(string mail, string stage, string fault, string? source);

    [LoggerMessage(EventId = GrainEvents.ReturnDiscarded, Level = LogLevel.Information, Message = "{Mail}: a return from {Peer} came too late or twice and was discarded")]
    private partial void LogReturnDiscarded(string mail, string peer);

    [LoggerMessage(EventId = GrainEvents.Quarantined, Level = LogLevel.Information, Message = "{Mail}: quarantined in {Quarantine}: {Reason}")]
    private partial void LogQuarantined(string mail, string quarantine, string reason);

    [LoggerMessage(EventId = GrainEvents.NotOffered, Level = LogLevel.Error, Message = "{Mail}: no delegate \"{Directive}\" of preq is known here in the rule set {RuleSet}")]
    private partial void LogNotOffered(string mail, string directive, string ruleSet);

    [LoggerMessage(EventId = GrainEvents.Withdrawn, Level = LogLevel.Information, Message = "{Mail}: withdrawn: {Why}")]
    private partial void LogWithdrawn(string mail, string why);
}
