using System.Net;
using Vsmtp.Rules.Objects;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>Codes and networks that every script may name.</summary>
internal static class ReadyMadeObjects
{
    public static void Register(ScriptHostBuilder host)
    {
        RegisterNetworks(host);
        Code(host, "code554_7_1", 554, "5.7.1", "Relay access denied");
        // RFC 7372 §3.
        Code(host, "code550_7_20", 550, "5.7.20", "No passing DKIM signature found");
        Code(host, "code550_7_21", 550, "5.7.21", "No acceptable DKIM signature found");
        Code(host, "code550_7_22", 550, "5.7.22", "No valid author-matched DKIM signature found");
        Code(host, "code550_7_23", 550, "5.7.23", "SPF validation failed");
        Code(host, "code451_7_24", 451, "5.7.24", "SPF validation error");
        Code(host, "code550_7_24", 550, "5.7.24", "SPF validation error");
        Code(host, "code550_7_25", 550, "5.7.25", "Reverse DNS validation failed");
        Code(host, "code550_7_26", 500, "5.7.26", "Multiple authentication checks failed");
        // RFC 7505 §5.
        Code(host, "code550_7_27", 550, "5.7.27", "Sender address has null MX");
        Code(host, "code556_1_10", 556, "5.1.10", "Recipient address has null MX");
        Code(host, "code_greylist", 451, "4.7.1", "Sender is not authorized. Please try again.");
    }

    /// <summary>RFC 1918 §3.</summary>
    private static void RegisterNetworks(ScriptHostBuilder host)
    {
        var networks = new[] { ("net_192", "192.168.0.0/16"), ("net_172", "172.16.0.0/12"), ("net_10", "10.0.0.0/8") }
            .Select(n => (Name: n.Item1, Value: Value.From(new NetworkObject(IPNetwork.Parse(n.Item2)))))
            .ToList();
        foreach (var (name, value) in networks) host.Constant(name, value);
        host.Constant("non_routable_net", Value.From(new GroupObject("group", [.. networks.Select(n => n.Value)])));
    }

    private static void Code(ScriptHostBuilder host, string name, int code, string enhanced, string text) =>
        host.Constant(name, Value.From(new CodeObject(new RuleReply(code, enhanced, text))));
}
