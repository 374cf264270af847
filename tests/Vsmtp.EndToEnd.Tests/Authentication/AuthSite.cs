using System.Diagnostics;
using System.Text;
using Vsmtp.EndToEnd.Tests.Secured;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Authentication;

/// <summary>A site with TLS and AUTH, whose users are in a file.</summary>
internal static class AuthSite
{
    public const string User = "alice";
    public const string Password = "wonderland-7ac1";

    private const string Usual = "users = \"users\"";

    /// <summary>The command by which a user signs on.</summary>
    public static string Plain(string user = User, string password = Password) => $"AUTH PLAIN {Base64($"\0{user}\0{password}")}";

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <param name="keys">Of [server.smtp.auth].</param>
    /// <param name="password">Of <see cref="User"/>; null: there are no users.</param>
    /// <param name="settings">Keys over those of the file, as <c>key=value</c>.</param>
    public static async Task<TlsSite> StartAsync(
        string rules = "#{}", string keys = Usual, string? password = Password, params string[] settings)
    {
        var site = await TlsSite.StartAsync(rules, more: $"[server.smtp.auth]\n{keys}", settings: settings);
        if (password is not null) await AddAsync(site, User, password);
        return site;
    }

    public static async Task AddAsync(TlsSite site, string name, string password)
    {
        var start = new ProcessStartInfo(ServerProcess.Program, ["user", "add", name, "--password-stdin", "-c", site.Site.ConfigFile])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync(password);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await output + await error);
        Assert.DoesNotContain(password, await output + await error, StringComparison.Ordinal);
    }

    /// <summary>What swaks and the server say to each other, a mail with this subject included if <paramref name="options"/> let it get so far.</summary>
    public static Task<string> SwaksAsync(TlsSite site, string subject, params string[] options) =>
        Swaks.SendAsync(site.Site.ClientPort, subject, ["--tls", .. options]);
}
