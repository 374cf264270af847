using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Vsmtp.Embedded.Activations;

internal sealed partial class ActivationCatalog
{
    [LoggerMessage(EventId = EmbeddedEvents.ActivationFailed, Level = LogLevel.Error, Message = "{Grain}: could not be activated")]
    public partial void LogActivationFailed(GrainId grain, Exception failure);

    [LoggerMessage(EventId = EmbeddedEvents.DeactivationFailed, Level = LogLevel.Error, Message = "{Grain}: its deactivation failed")]
    public partial void LogDeactivationFailed(GrainId grain, Exception failure);

    [LoggerMessage(EventId = EmbeddedEvents.StateWasStale, Level = LogLevel.Warning,
        Message = "{Grain}: somebody else wrote its state; it is dropped and read again at the next call")]
    public partial void LogStateWasStale(GrainId grain, Exception stale);
}
