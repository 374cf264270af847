namespace Vsmtp.EndToEnd.Tests.Support;

/// <summary>A folder with a configuration and rules, and the ports that they name.</summary>
internal sealed class TestSite : IDisposable
{
    private readonly int[] _ports = FreePorts.Take(4);

    public TestSite(string rules = "#{}", string? service = null, string extraToml = "")
    {
        Write("vsmtp.toml", $"""
            [server]
            domain = "mx.example.com"
            [server.interfaces]
            addr = ["127.0.0.1:{ClientPort}", "127.0.0.1:{ReceiverPort}"]
            [server.queues]
            dirpath = "spool"
            [server.queues.delivery]
            deferred_retry_period = "1s"
            [server.delivery]
            relayhost = "127.0.0.1:{RelayPort}"
            maildir_root = "mail"
            [server.logs]
            filepath = "log/vsmtp.log"
            level = ["info"]
            [app]
            dirpath = "app"
            [app.vsl]
            filepath = "main.vsl"
            [app.logs]
            filepath = "log/app.log"
            {extraToml}
            """);
        Write("main.vsl", rules);
        if (service is not null) Write("service.vsl", service);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("vsmtp-e2e-").FullName;

    /// <summary>Where clients come.</summary>
    public int ClientPort => _ports[0];

    /// <summary>Where services bring mails back.</summary>
    public int ReceiverPort => _ports[1];

    /// <summary>Where a service may listen.</summary>
    public int ServicePort => _ports[2];

    /// <summary>The relay host.</summary>
    public int RelayPort => _ports[3];

    public string ConfigFile => Path.Combine(Folder, "vsmtp.toml");

    /// <summary>Where the queues are, and the local API's socket. Another than the usual is for a configuration of the test's own.</summary>
    public string Spool { get; init; } = "spool";

    public string MailFolder => Path.Combine(Folder, "mail");

    /// <summary>A service at <see cref="ServicePort"/> and <see cref="ReceiverPort"/>, with further keys of its own.</summary>
    /// <param name="keys">As <c>proof: ["X-Scanned"],</c>.</param>
    /// <param name="timeout">For each of its replies.</param>
    /// <param name="receiver">Our address for it; 0.0.0.0 is any.</param>
    public void WriteService(string keys = "", string timeout = "10s", string receiver = "127.0.0.1") => Write("service.vsl", $$"""
        service clamsmtpd smtp = #{
            delegator: #{ address: "127.0.0.1:{{ServicePort}}", timeout: "{{timeout}}" },
            receiver: "{{receiver}}:{{ReceiverPort}}",
            {{keys}}
        };
        """);

    public void Write(string file, string text) => File.WriteAllText(Path.Combine(Folder, file), text);

    public void Dispose()
    {
        // Kept on demand, to look at what a failed test left.
        if (Environment.GetEnvironmentVariable("VSMTP_KEEP") is null) Directory.Delete(Folder, recursive: true);
    }
}
