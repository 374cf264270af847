using System.Diagnostics;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Secured;

/// <summary><c>openssl s_client</c>, another implementation's client.</summary>
internal static class OpenSsl
{
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Says a text and waits until the program ends, however it does.</summary>
    /// <returns>What it printed, errors last.</returns>
    public static async Task<string> SpeakAsync(string text, params string[] options)
    {
        DaemonProcess.RequireInstalled("openssl", "openssl");
        var start = new ProcessStartInfo("openssl", ["s_client", .. options])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(text);
        await process.StandardInput.FlushAsync();
        using var timeout = new CancellationTokenSource(EndTimeout);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            Assert.Fail($"openssl does not end:{Environment.NewLine}{await output}{await error}");
        }

        return await output + await error;
    }
}
