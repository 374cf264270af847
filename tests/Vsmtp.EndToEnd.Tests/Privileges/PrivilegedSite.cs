using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Vsmtp.Dashboard.Api;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Privileges;

/// <summary>A site whose server is started by root, and people with mailboxes on its machine.</summary>
[SupportedOSPlatform("linux")]
public sealed class PrivilegedSite : IAsyncLifetime
{
    private const string Rules = """
        #{
            rcpt: [ rule "everybody" || accept() ],
            delivery: [
                action "into mailboxes" || {
                    for r in rcpt_list() { if r.domain == "mbox.example" { mbox(r) } else { maildir(r) } }
                },
            ],
        }
        """;

    private readonly List<MachineAccount> _people = [];

    internal TestSite Site { get; } = new(Rules);

    internal ServerProcess Server { get; private set; } = null!;

    internal MachineAccount User { get; private set; } = null!;

    /// <summary>Below 1024.</summary>
    internal int Port { get; } = TakeLowPort();

    internal MachineAccount Ann { get; private set; } = null!;

    internal MachineAccount Bob { get; private set; } = null!;

    /// <summary>Who lays traps.</summary>
    internal MachineAccount Eve { get; private set; } = null!;

    internal int Carrier => ThreadStatus.ChildOf(Server.Id, "local-delivery");

    internal async Task PrepareAsync(bool starts)
    {
        if (MachineAccount.WhyNone is not null) return;
        File.SetUnixFileMode(Site.Folder, (UnixFileMode)0b111_101_101);
        foreach (var file in Directory.EnumerateFiles(Site.Folder)) File.SetUnixFileMode(file, (UnixFileMode)0b110_100_100);
        var homes = Directory.CreateDirectory(Path.Combine(Site.Folder, "home"));
        homes.UnixFileMode = (UnixFileMode)0b111_101_101;
        User = MachineAccount.OfServer();
        Ann = Person("ann", homes.FullName);
        Bob = Person("bob", homes.FullName);
        Eve = Person("eve", homes.FullName);
        Write("");
        Server = new ServerProcess(Site) { User = null };
        if (starts) await Server.StartAsync();
    }

    public async ValueTask InitializeAsync() => await PrepareAsync(starts: true);

    public async ValueTask DisposeAsync()
    {
        if (Server is not null) await Server.DisposeAsync();
        foreach (var person in _people) person.Dispose();
        User?.Dispose();
        Site.Dispose();
    }

    /// <summary>The configuration, with further tables of a test's own.</summary>
    internal void Write(string tables) => Site.Write("vsmtp.toml", $"""
        [server]
        domain = "mx.example.com"
        [server.system]
        user = "{User.Name}"
        group = "{User.Name}"
        [server.interfaces]
        addr = ["127.0.0.1:{Port}"]
        [server.queues]
        dirpath = "spool"
        [server.logs]
        filepath = "log/vsmtp.log"
        level = ["info"]
        [app]
        dirpath = "app"
        [app.vsl]
        filepath = "main.vsl"
        [app.logs]
        filepath = "log/app.log"
        {tables}
        """);

    /// <summary>Sends a mail to the Maildir or mbox of a person.</summary>
    /// <param name="domain"><c>maildir.example</c> or <c>mbox.example</c>.</param>
    /// <returns>The mail, when it is in one of the queues.</returns>
    internal async Task<ApiMailDetails> SendAsync(string subject, string localPart, string domain, params string[] queues)
    {
        var id = await RawSmtp.SendOneAsync(Port, $"Subject: {subject}\r\n\r\nbody\r\n", "john@example.org", $"{localPart}@{domain}");
        return await Server.WaitForAsync(id, queues);
    }

    private MachineAccount Person(string role, string homes)
    {
        var person = MachineAccount.OfPerson(role, homes);
        _people.Add(person);
        return person;
    }

    private static int TakeLowPort()
    {
        while (true)
        {
            var port = Random.Shared.Next(200, 1024);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException) when (Environment.UserName == "root")
            {
                // Somebody has it.
            }
            catch (SocketException)
            {
                return port;                                   // no test will listen there
            }
        }
    }
}
