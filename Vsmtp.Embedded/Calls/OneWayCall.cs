using Microsoft.Extensions.Logging;

namespace Vsmtp.Embedded.Calls;

/// <summary>A method call whose caller has gone on; its failure is only logged.</summary>
internal sealed partial class OneWayCall(GrainMethod method, object?[] arguments, bool interleaves, ILogger logger)
    : MethodCall(method, arguments, interleaves)
{
    public override void Fail(Exception failure) => LogOneWayFailed(failure, Name, Activation?.GrainId.ToString());

    protected override void Answer(Task answer)
    {
        if (answer.Exception?.InnerException is { } failure) Fail(failure);
    }

    [LoggerMessage(EventId = EmbeddedEvents.OneWayFailed, Level = LogLevel.Error, Message = "{Grain}: one-way call of {Method} failed")]
    private partial void LogOneWayFailed(Exception failure, string method, string? grain);
}
