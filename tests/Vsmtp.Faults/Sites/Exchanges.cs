using System.Net;
using Vsmtp.Dns.Tests.Support;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.EndToEnd.Tests.World;

namespace Vsmtp.Faults.Sites;

/// <summary>A real name server that knows two hosts of the recipients' domain and one of the senders'.</summary>
internal sealed class Exchanges : IAsyncDisposable
{
    /// <summary>Recipients whose addresses begin so are refused for good.</summary>
    public const string Gone = "gone-";

    private const string NotificationRule = """
        rule "notifications go out" || if mail_from() == "" { accept() } else { next() },
        """;

    private readonly NameDaemon _names;

    private Exchanges(NameDaemon names, int port)
    {
        _names = names;
        Places = [.. new[] { "127.0.1.1", "127.0.1.2", "127.0.1.3" }.Select(address => new IPEndPoint(IPAddress.Parse(address), port))];
    }

    /// <summary>The preferred host, the other one, the senders'.</summary>
    public IReadOnlyList<IPEndPoint> Places { get; }

    /// <param name="site">Delivers by it from its next start on.</param>
    public static async Task<Exchanges> StartAsync(TestSite site)
    {
        var names = await NameService.StartAsync("""
            local=/com/
            local=/org/
            mx-host=example.com,one.example.com,10
            mx-host=example.com,two.example.com,20
            mx-host=example.org,mx.example.org,10
            host-record=one.example.com,127.0.1.1
            host-record=two.example.com,127.0.1.2
            host-record=mx.example.org,127.0.1.3
            """);
        var exchanges = new Exchanges(names, FreePorts.Take(1)[0]);
        await NameService.DeliverByAsync(site, names, exchanges.Places[0].Port);
        return exchanges;
    }

    /// <summary>Of the clean mails half go to somebody who is there, a quarter to somebody who is not, a quarter to both.</summary>
    public static string[] RecipientsOf(int number) => (number % 6) switch
    {
        2 => [$"{Gone}{number}@example.com"],
        5 => ["jane@example.com", $"{Gone}{number}@example.com"],
        _ => ["jane@example.com"],
    };

    /// <summary>The same rules, under which no notification goes to the service.</summary>
    public static string RulesOf(string rules) => rules.Replace("postq: [", $"postq: [\n{NotificationRule}", StringComparison.Ordinal);

    public ValueTask DisposeAsync() => _names.DisposeAsync();
}
