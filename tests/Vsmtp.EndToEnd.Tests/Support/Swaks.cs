using System.Diagnostics;

namespace Vsmtp.EndToEnd.Tests.Support;

/// <summary>A client of another hand.</summary>
internal static class Swaks
{
    /// <summary>What it and the server say to each other, a mail with this subject included if <paramref name="options"/> let it get so far.</summary>
    public static async Task<string> SendAsync(int port, string subject, params string[] options)
    {
        DaemonProcess.RequireInstalled("swaks", "swaks libnet-ssleay-perl");
        var start = new ProcessStartInfo(DaemonProcess.Find("swaks")!, [
            "--server", $"127.0.0.1:{port}", "--from", "john@example.org", "--to", "jane@example.com", "--header", $"Subject: {subject}", .. options])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return await output + await error;
    }
}
