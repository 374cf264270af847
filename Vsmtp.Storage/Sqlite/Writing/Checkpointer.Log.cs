using Microsoft.Extensions.Logging;

namespace Vsmtp.Storage.Sqlite.Writing;

internal sealed partial class Checkpointer
{
    [LoggerMessage(EventId = StoreEvents.CheckpointFailed, Level = LogLevel.Error,
        Message = "The write-ahead log could not be copied back; it grows until it can")]
    private partial void LogCheckpointFailed(Exception fault);

    [LoggerMessage(EventId = StoreEvents.LogHeldBack, Level = LogLevel.Warning,
        Message = "A long read holds the write-ahead log back: {Copied} of {Pages} pages could be copied")]
    private partial void LogHeldBack(int pages, int copied);
}
