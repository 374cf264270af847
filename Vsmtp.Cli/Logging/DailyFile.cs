using System.Globalization;
using Serilog;
using Serilog.Configuration;

namespace Vsmtp.Cli.Logging;

/// <summary>A log file that changes its name every day and, if a day has much to tell, at every gigabyte.</summary>
internal static class DailyFile
{
    private const int KeptFiles = 31;

    /// <param name="head">What stands before each message: see <see cref="PlainLines"/>.</param>
    /// <exception cref="IOException">The folder or today's file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">Today's file may not be written.</exception>
    public static LoggerConfiguration DailyFileAt(this LoggerSinkConfiguration sinks, string path, string head)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        // The sink itself would only drop what it cannot write: a server without its log must not look as if all were well.
        var today = DateTime.Now.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var name = $"{Path.GetFileNameWithoutExtension(path)}{today}{Path.GetExtension(path)}";
        File.Open(Path.Combine(folder, name), FileMode.Append, FileAccess.Write, FileShare.ReadWrite).Dispose();
        return sinks.File(
            new PlainLines(head), path, rollingInterval: RollingInterval.Day, rollOnFileSizeLimit: true, retainedFileCountLimit: KeptFiles);
    }
}
