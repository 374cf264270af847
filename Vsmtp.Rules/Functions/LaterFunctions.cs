using System.Collections.Frozen;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>Functions whose part of the program is built later: known by name, and a script error when called.</summary>
internal static class LaterFunctions
{
    private const int MaxParameters = 4;

    /// <summary>Each with the part that brings it.</summary>
    private static readonly FrozenDictionary<string, string> Parts = new Dictionary<string, string>
    {
        ["auth"] = "authentication",
        ["authenticate"] = "authentication",
        ["packet"] = "authentication",
        ["check_spf"] = "SPF",
        ["dkim_verify"] = "DKIM",
        ["dkim_sign"] = "DKIM",
        ["verify_dkim"] = "DKIM",
        ["sign_dkim"] = "DKIM",
        ["check_dmarc"] = "DMARC",
        ["lookup"] = "DNS look-up from rules",
        ["rlookup"] = "DNS look-up from rules",
        ["get_root_domain"] = "the public suffix list",
        ["write"] = "writing files from rules",
        ["dump"] = "writing files from rules",
        ["mail"] = "reading the body from rules",
        ["rewrite_mail_from"] = "rewriting From and To",
        ["rewrite_mail_from_message"] = "rewriting From and To",
        ["rewrite_rcpt_message"] = "rewriting From and To",
        ["add_rcpt_message"] = "rewriting From and To",
        ["remove_rcpt_message"] = "rewriting From and To",
        ["send_mail"] = "sending mails from rules",
    }.ToFrozenDictionary();

    public static IEnumerable<string> Names => Parts.Keys;

    public static string Explain(string name) => $"`{name}` is built later, with {Parts[name]}";

    public static void Register(ScriptHostBuilder host)
    {
        foreach (var name in Parts.Keys)
        {
            for (var count = 0; count <= MaxParameters; count++)
            {
                host.Function(name, count, (_, _) => Completion.Error(Explain(name)));
                host.Module("sys", sys => sys.Function(name, count, (_, _) => Completion.Error(Explain(name))));
            }
        }
    }
}
