using Serilog;
using Serilog.Core;
using Serilog.Events;
using Vsmtp.Rules;

namespace Vsmtp.Cli.Logging;

/// <summary>What rules write with <c>log</c>: one line each in <c>app.logs.filepath</c>, rotated daily.</summary>
internal sealed class ApplicationLog : IRuleLog, IDisposable
{
    private const string Head = "{Timestamp:yyyy-MM-ddTHH:mm:ss.fffzzz} {Level:u5} ";

    private Logger? _log;

    /// <summary>Before this, while rules load, lines go to standard error.</summary>
    /// <exception cref="IOException">As of <see cref="DailyFile"/>.</exception>
    /// <exception cref="UnauthorizedAccessException">Idem.</exception>
    public void Open(string path)
    {
        _log = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .WriteTo.DailyFileAt(path, Head)
            .CreateLogger();
    }

    public void Write(RuleLogLevel level, string text)
    {
        // One call, one line: a rule logs what a stranger wrote.
        if (_log is null) Console.Error.WriteLine($"{level}: {PlainLines.Plain(text)}");
        else _log.Write(SeverityOf(level), "{Text:l}", text);
    }

    public void Dispose() => _log?.Dispose();

    private static LogEventLevel SeverityOf(RuleLogLevel level) => level switch
    {
        RuleLogLevel.Trace => LogEventLevel.Verbose,
        RuleLogLevel.Debug => LogEventLevel.Debug,
        RuleLogLevel.Info => LogEventLevel.Information,
        RuleLogLevel.Warn => LogEventLevel.Warning,
        _ => LogEventLevel.Error,
    };
}
