using System.Text;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Mailboxes;

/// <summary>A private instance of the real Dovecot that takes mails by LMTP and puts them into Maildirs; all of it in a folder of its own.</summary>
internal sealed class Dovecot : IAsyncDisposable
{
    /// <summary>Owns the mailboxes: Dovecot will not deliver as root.</summary>
    private const string Owner = "nobody";

    private readonly string _folder;
    private readonly DaemonProcess _process;

    private Dovecot(string folder, int port, DaemonProcess process) => (_folder, Port, _process) = (folder, port, process);

    /// <summary>Of LMTP, at 127.0.0.1.</summary>
    public int Port { get; }

    public string Log => File.Exists(LogOf(_folder)) ? File.ReadAllText(LogOf(_folder)) : "";

    /// <summary>Skips the test where it cannot run: its master changes users, which only root may.</summary>
    public static void RequireInstalled()
    {
        DaemonProcess.RequireInstalled("dovecot", "dovecot-core");
        DaemonProcess.RequireInstalled("/usr/lib/dovecot/lmtp", "dovecot-lmtpd");
        if (!Environment.IsPrivilegedProcess) Assert.Skip("Dovecot's master must be started by root.");
    }

    /// <param name="users">Each as <c>ADDRESS</c>, with further fields of its entry behind it, as <c>userdb_quota_rule=*:bytes=1K</c>.</param>
    public static async Task<Dovecot> StartAsync(params string[] users)
    {
        RequireInstalled();
        var folder = Directory.CreateTempSubdirectory("vsmtp-dovecot-").FullName;
        var port = FreePorts.Take(1)[0];
        await DaemonProcess.RunAsync("chmod", "755", folder);
        await DaemonProcess.RunAsync("install", "-d", "-o", Owner, Path.Combine(folder, "mail"));
        var uid = (await DaemonProcess.RunAsync("id", "-u", Owner)).Trim();
        var gid = (await DaemonProcess.RunAsync("id", "-g", Owner)).Trim();
        await File.WriteAllLinesAsync(
            Path.Combine(folder, "users"),
            users.Select(user => user.Split(' ', 2)).Select(user => $"{user[0]}::{uid}:{gid}::{folder}/mail/{user[0]}::{user.ElementAtOrDefault(1)}"));
        var file = Path.Combine(folder, "dovecot.conf");
        await File.WriteAllTextAsync(file, Configuration(folder, port));
        var process = DaemonProcess.Start("dovecot", "-F", "-c", file);
        var dovecot = new Dovecot(folder, port, process);
        await Patience.UntilAsync(
            () => process.HasExited
                ? throw new InvalidOperationException($"Dovecot ended: {process.Said}{dovecot.Log}")
                : dovecot.Log.Contains("starting up", StringComparison.Ordinal),
            "Dovecot", () => process.Said + dovecot.Log);
        return dovecot;
    }

    /// <summary>The mails in a mailbox, octet for character.</summary>
    public string[] MailsOf(string address)
    {
        var folder = Path.Combine(_folder, "mail", address, "Maildir", "new");
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file)))] : [];
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Configuration(string folder, int port) => $$"""
        base_dir = {{folder}}/run
        state_dir = {{folder}}/state
        log_path = {{LogOf(folder)}}
        protocols = lmtp
        ssl = no
        first_valid_uid = 1
        mail_location = maildir:~/Maildir
        mail_save_crlf = yes
        postmaster_address = postmaster@example.com
        service lmtp {
          inet_listener lmtp {
            address = 127.0.0.1
            port = {{port}}
          }
        }
        protocol lmtp {
          mail_plugins = quota
        }
        plugin {
          quota = count:quota
          quota_vsizes = yes
        }
        passdb {
          driver = static
          args = nopassword=y
        }
        userdb {
          driver = passwd-file
          args = username_format=%u {{folder}}/users
        }

        """;

    private static string LogOf(string folder) => Path.Combine(folder, "log");
}
