using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Extensions.Logging;
using Vsmtp.Configuration.Options;

namespace Vsmtp.Cli.Logging;

/// <summary>The server's own log in <c>server.logs.filepath</c>, rotated daily.</summary>
internal static class ServerLog
{
    private const string Head = "{Timestamp:yyyy-MM-ddTHH:mm:ss.fffzzz} {Level:u3} {SourceContext}: ";

    /// <summary>What below is not said by <c>server.logs.level</c> is kept at warnings, as the default there is.</summary>
    public static ILoggingBuilder AddServerLog(this ILoggingBuilder logging, LogOptions options)
    {
        var log = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .WriteTo.DailyFileAt(options.FilePath, Head)
            .CreateLogger();
        logging.SetMinimumLevel(LogLevel.Warning);
        // "info" means what this program has to tell. Libraries have their say when an entry names them.
        foreach (var library in (string[])["Microsoft", "System", "Orleans", "Polly", "Npgsql"]) logging.AddFilter(library, LogLevel.Warning);
        foreach (var directive in options.Level)
        {
            if (directive.Target is { } target) logging.AddFilter(target, LevelOf(directive.Severity));
            else logging.SetMinimumLevel(LevelOf(directive.Severity));
        }

        return logging.AddProvider(new SerilogLoggerProvider(log, dispose: true));
    }

    private static LogLevel LevelOf(LogSeverity severity) => severity switch
    {
        LogSeverity.Trace => LogLevel.Trace,
        LogSeverity.Debug => LogLevel.Debug,
        LogSeverity.Info => LogLevel.Information,
        LogSeverity.Warn => LogLevel.Warning,
        LogSeverity.Error => LogLevel.Error,
        _ => LogLevel.None,
    };
}
