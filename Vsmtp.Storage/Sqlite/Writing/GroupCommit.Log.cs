using Microsoft.Extensions.Logging;

namespace Vsmtp.Storage.Sqlite.Writing;

internal sealed partial class GroupCommit
{
    [LoggerMessage(EventId = StoreEvents.BatchFailed, Level = LogLevel.Error,
        Message = "A batch of {Units} writes failed; none of them was committed")]
    private partial void LogBatchFailed(Exception fault, int units);
}
