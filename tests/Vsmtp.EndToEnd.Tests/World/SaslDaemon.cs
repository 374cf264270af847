using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.World;

/// <summary>A private instance of the real Dovecot that does nothing but say for Postfix whose password is right.</summary>
internal sealed class SaslDaemon : IAsyncDisposable
{
    private readonly string _folder;
    private readonly DaemonProcess _process;

    private SaslDaemon(string folder, DaemonProcess process) => (_folder, _process) = (folder, process);

    /// <summary>For <c>smtpd_sasl_path</c>.</summary>
    public string Socket => Path.Combine(_folder, "auth");

    /// <summary>Skips the test where it cannot run: its master changes users, which only root may.</summary>
    public static void RequireInstalled()
    {
        DaemonProcess.RequireInstalled("dovecot", "dovecot-core");
        if (!Environment.IsPrivilegedProcess) Assert.Skip("Dovecot's master must be started by root.");
    }

    public static async Task<SaslDaemon> StartAsync(string user, string password)
    {
        var folder = Directory.CreateTempSubdirectory("vsmtp-sasl-").FullName;
        await DaemonProcess.RunAsync("chmod", "755", folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "users"), $"{user}:{{PLAIN}}{password}\n");
        await DaemonProcess.RunAsync("chmod", "644", Path.Combine(folder, "users"));
        var file = Path.Combine(folder, "dovecot.conf");
        await File.WriteAllTextAsync(file, $$"""
            base_dir = {{folder}}/run
            state_dir = {{folder}}/state
            log_path = {{folder}}/log
            protocols = none
            ssl = no
            disable_plaintext_auth = no
            auth_mechanisms = plain login
            service auth {
              unix_listener {{folder}}/auth {
                mode = 0666
              }
            }
            passdb {
              driver = passwd-file
              args = scheme=PLAIN username_format=%u {{folder}}/users
            }
            userdb {
              driver = static
              args = uid=nobody gid=nogroup home={{folder}}
            }

            """);
        var process = DaemonProcess.Start("dovecot", "-F", "-c", file);
        var daemon = new SaslDaemon(folder, process);
        try
        {
            await Patience.UntilAsync(
                () => process.HasExited ? throw new InvalidOperationException($"Dovecot ended: {process.Said}") : File.Exists(daemon.Socket), "Dovecot");
            return daemon;
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
