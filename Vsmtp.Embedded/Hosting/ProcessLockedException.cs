namespace Vsmtp.Embedded.Hosting;

/// <summary>Another process has the lock.</summary>
public sealed class ProcessLockedException(string path, int? holder)
    : IOException($"{path} is locked by {(holder is { } pid ? $"process {pid}" : "another process")}: only one may run on this store.")
{
    /// <summary>The file, from the root.</summary>
    public string Path { get; } = path;

    /// <summary>The process that has it, where it has told.</summary>
    public int? Holder { get; } = holder;
}
