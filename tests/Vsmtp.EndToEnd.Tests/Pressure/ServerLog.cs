using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Pressure;

/// <summary>What the server has logged.</summary>
internal static class ServerLog
{
    public static async Task<string> ReadAsync(TestSite site)
    {
        var all = "";
        foreach (var path in Directory.GetFiles(Path.Combine(site.Folder, "log"), "vsmtp*.log"))
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file);
            all += await reader.ReadToEndAsync();
        }

        return all;
    }
}
