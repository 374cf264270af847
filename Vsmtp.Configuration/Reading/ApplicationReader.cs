using Vsmtp.Configuration.Options;

namespace Vsmtp.Configuration.Reading;

/// <summary>Reads <c>[app]</c>.</summary>
internal static class ApplicationReader
{
    public static ApplicationOptions Read(TableReader app, LogOptions serverLogs)
    {
        var defaults = new ApplicationOptions();
        var (logs, vsl) = (app.Table("logs"), app.Table("vsl"));
        logs.Idle("format");
        var options = new ApplicationOptions
        {
            DirPath = app.FilePath("dirpath", defaults.DirPath),
            Logs = new()
            {
                FilePath = logs.FilePath("filepath", defaults.Logs.FilePath),
                Format = logs.Text("format", defaults.Logs.Format),
            },
            Vsl = new() { FilePath = vsl.FilePath("filepath", null) },
        };
        if (options.Logs.FilePath == serverLogs.FilePath)
        {
            logs.Error("filepath", "must not be that of server.logs.filepath: both logs are rotated");
        }

        logs.Close();
        vsl.Close();
        app.Close();
        return options;
    }
}
