using System.Net;
using Vsmtp.Rules.Api;
using Vsmtp.Rules.Objects;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>Codes and networks that every script may name.</summary>
internal static class ReadyMadeObjects
{
    public static void AddTo(ApiTable api)
    {
        api.Section("Ready-made codes and networks", "Constants; in 2.x functions without parameters.");
        Code(api, "code554_7_1", "c554_7_1", 554, "5.7.1", "Relay access denied");
        // RFC 7372 §3.
        Code(api, "code550_7_20", "c550_7_20", 550, "5.7.20", "No passing DKIM signature found");
        Code(api, "code550_7_21", "c550_7_21", 550, "5.7.21", "No acceptable DKIM signature found");
        Code(api, "code550_7_22", "c550_7_22", 550, "5.7.22", "No valid author-matched DKIM signature found");
        Code(api, "code550_7_23", "c550_7_23", 550, "5.7.23", "SPF validation failed");
        Code(api, "code451_7_24", null, 451, "5.7.24", "SPF validation error");
        Code(api, "code550_7_24", "c550_7_24", 550, "5.7.24", "SPF validation error");
        Code(api, "code550_7_25", "c550_7_25", 550, "5.7.25", "Reverse DNS validation failed");
        Code(api, "code550_7_26", "c550_7_26", 500, "5.7.26", "Multiple authentication checks failed");
        // RFC 7505 §5.
        Code(api, "code550_7_27", "c550_7_27", 550, "5.7.27", "Sender address has null MX");
        Code(api, "code556_1_10", "c556_1_10", 556, "5.1.10", "Recipient address has null MX");
        Code(api, "code_greylist", "c451_7_1", 451, "4.7.1", "Sender is not authorized. Please try again.");
        // RFC 3463 §3.2 and §3.4.
        Code(api, null, "c451_3_0", 451, "4.3.0", "The mail system cannot take this now. Please try again.");
        Code(api, null, "c550_1_1", 550, "5.1.1", "No such mailbox");
        AddNetworks(api);
    }

    /// <summary>RFC 1918 §3.</summary>
    private static void AddNetworks(ApiTable api)
    {
        var networks = new[] { ("192", "192.168.0.0/16"), ("172", "172.16.0.0/12"), ("10", "10.0.0.0/8") }
            .Select(n => (Name: n.Item1, Value: Value.From(new NetworkObject(IPNetwork.Parse(n.Item2)))))
            .ToList();
        foreach (var (name, value) in networks) api.Constant($"net_{name}", [$"net::rg_{name}"], value);
        api.Constant("non_routable_net", ["net::non_routable"], Value.From(new GroupObject("group", [.. networks.Select(n => n.Value)])));
    }

    private static void Code(ApiTable api, string? name, string? newer, int code, string enhanced, string text) =>
        api.Constant(name, newer is null ? [] : [$"code::{newer}"], Value.From(new CodeObject(new RuleReply(code, enhanced, text))));
}
