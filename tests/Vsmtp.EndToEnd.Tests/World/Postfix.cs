using System.Net;
using System.Net.Sockets;
using System.Text;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.World;

/// <summary>A private instance of the real Postfix, with all that is its in a folder of its own; the machine's own is not touched.</summary>
internal sealed class Postfix : IAsyncDisposable
{
    /// <summary>Postfix' master.cf.dist, without chroot, and without the services that a relay does not use.</summary>
    private const string Services = """
        postlog    unix-dgram n - n - 1 postlogd
        cleanup    unix  n - n - 0 cleanup
        qmgr       unix  n - n 300 1 qmgr
        tlsmgr     unix  - - n 1000? 1 tlsmgr
        rewrite    unix  - - n - - trivial-rewrite
        bounce     unix  - - n - 0 bounce
        defer      unix  - - n - 0 bounce
        trace      unix  - - n - 0 bounce
        verify     unix  - - n - 1 verify
        flush      unix  n - n 1000? 0 flush
        proxymap   unix  - - n - - proxymap
        proxywrite unix  - - n - 1 proxymap
        smtp       unix  - - n - - smtp
        relay      unix  - - n - - smtp
        showq      unix  n - n - - showq
        error      unix  - - n - - error
        retry      unix  - - n - - error
        discard    unix  - - n - - discard
        anvil      unix  - - n - 1 anvil
        scache     unix  - - n - 1 scache
        """;

    private readonly string _folder;
    private readonly DaemonProcess _master;

    private Postfix(string folder, DaemonProcess master) => (_folder, _master) = (folder, master);

    /// <summary>Its certificate in PEM, which stands for itself; for who started it with one.</summary>
    public string CertificateFile => CertificateOf(_folder);

    /// <summary>It has mails that it has not got rid of.</summary>
    public bool HasMails => new[] { "maildrop", "incoming", "active", "deferred" }
        .Any(queue => Directory.EnumerateFiles(Path.Combine(_folder, "queue", queue), "*", SearchOption.AllDirectories).Any());

    /// <summary>What it has logged so far.</summary>
    public string Log => File.Exists(LogOf(_folder)) ? File.ReadAllText(LogOf(_folder)) : "";

    /// <summary>Skips the test where it cannot run: its master changes users, which only root may.</summary>
    public static void RequireInstalled()
    {
        DaemonProcess.RequireInstalled("postfix", "postfix");
        if (!Environment.IsPrivilegedProcess) Assert.Skip("Postfix' master must be started by root.");
    }

    /// <param name="name">Its host name.</param>
    /// <param name="listeners">Each <c>ADDRESS:PORT</c>, with options of smtpd behind it, as <c>-o name=value</c>.</param>
    /// <param name="main">Lines of main.cf.</param>
    /// <param name="withCertificate">It offers STARTTLS with a certificate that openssl has made for its name.</param>
    public static async Task<Postfix> StartAsync(string name, string[] listeners, string main, bool withCertificate = false)
    {
        RequireInstalled();
        var folder = Directory.CreateTempSubdirectory("vsmtp-postfix-").FullName;
        try
        {
            return await StartInAsync(folder, name, listeners, withCertificate ? main + await CertifyAsync(folder, name) : main);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _master.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<Postfix> StartInAsync(string folder, string name, string[] listeners, string main)
    {
        // Its processes run as another user.
        await DaemonProcess.RunAsync("chmod", "755", folder);
        foreach (var made in new[] { "etc", "queue", "data" }) Directory.CreateDirectory(Path.Combine(folder, made));
        await DaemonProcess.RunAsync("chown", "postfix:postfix", Path.Combine(folder, "data"));
        var directories = new StringBuilder();
        foreach (var directory in new[] { "command_directory", "daemon_directory", "meta_directory" })
            directories.AppendLine($"{directory} = {await DefaultAsync(directory)}");
        var etc = Path.Combine(folder, "etc");
        await File.WriteAllTextAsync(Path.Combine(etc, "main.cf"), $"""
            compatibility_level = 3.6
            queue_directory = {folder}/queue
            data_directory = {folder}/data
            maillog_file = {LogOf(folder)}
            maillog_file_prefixes = {folder}
            mail_owner = postfix
            setgid_group = postdrop
            myhostname = {name}
            mydestination =
            local_recipient_maps =
            alias_maps =
            alias_database =
            inet_protocols = ipv4
            smtputf8_enable = no
            smtp_address_preference = ipv4
            smtpd_client_connection_count_limit = 0
            {directories}
            {main}

            """);
        await File.WriteAllLinesAsync(Path.Combine(etc, "master.cf"), [.. listeners.Select(listener => listener.Split(' ', 2)).Select(ServiceAt), Services]);
        await DaemonProcess.RunAsync("postfix", "-c", etc, "check");
        var master = DaemonProcess.Start(Path.Combine(await DefaultAsync("daemon_directory"), "master"), "-c", etc);
        var postfix = new Postfix(folder, master);
        foreach (var listener in listeners)
        {
            var place = IPEndPoint.Parse(listener.Split(' ')[0]);
            await Patience.UntilAsync(
                () => master.HasExited ? throw new InvalidOperationException($"Postfix ended: {master.Said}{postfix.Log}") : GreetsAsync(place),
                $"Postfix at {place}", () => master.Said + postfix.Log);
        }

        return postfix;
    }

    private static string ServiceAt(string[] listener) => $"{listener[0]} inet n - n - - smtpd {listener.ElementAtOrDefault(1)}";

    private static async Task<bool> GreetsAsync(IPEndPoint place)
    {
        try
        {
            var (smtp, greeting) = await RawSmtp.ConnectAsync(place.Port, place.Address.ToString());
            using (smtp) return greeting.StartsWith("220", StringComparison.Ordinal);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <returns>Lines of main.cf.</returns>
    private static async Task<string> CertifyAsync(string folder, string name)
    {
        var (key, certificate) = (Path.Combine(folder, "key.pem"), CertificateOf(folder));
        await DaemonProcess.RunAsync(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", $"/CN={name}",
            "-addext", $"subjectAltName=DNS:{name}", "-keyout", key, "-out", certificate);
        return $"""

            smtpd_tls_security_level = may
            smtpd_tls_received_header = yes
            smtpd_tls_cert_file = {certificate}
            smtpd_tls_key_file = {key}
            """;
    }

    private static async Task<string> DefaultAsync(string parameter) => (await DaemonProcess.RunAsync("postconf", "-dhx", parameter)).Trim();

    private static string CertificateOf(string folder) => Path.Combine(folder, "certificate.pem");

    private static string LogOf(string folder) => Path.Combine(folder, "log");
}
