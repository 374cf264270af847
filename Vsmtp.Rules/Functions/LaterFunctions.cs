using System.Buffers;
using Vsmtp.Rules.Api;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>Functions whose part of the program is built later: known by name, and a script error when called.</summary>
internal static class LaterFunctions
{
    private const string Dkim = "DKIM";
    private const ApiReceivers Any = ApiReceivers.Context | ApiReceivers.Message | ApiReceivers.Server;

    public static void AddTo(ApiTable api)
    {
        api.Section("Known by name, built later", "Calling one of these is a script error that says so, and `vsmtp check` warns "
            + "of the call.");
        api.Later("SPF", new ApiDoc("check_spf(header: string) -> status", "Judges the sender by SPF, strictly.") { Newer = ["spf::check"] }, Any);
        api.Later("SPF", new ApiDoc("check_spf(header: string, policy: string) -> status", "The same, `\"strict\"` or `\"soft\"`.") { Newer = ["spf::check"] }, Any);
        api.Later("SPF", new ApiDoc("spf::check_raw() -> map", "The result of SPF."));
        api.Later(Dkim, new ApiDoc("verify_dkim() -> map", "Verifies the signatures.") { Newer = ["dkim::verify"], Older = ["dkim_verify"] }, Any);
        api.Later(Dkim, new ApiDoc("sign_dkim(selector: string)", "Signs the message."), Any);
        api.Later(Dkim, new ApiDoc("sign_dkim(selector: string, headers: array, canonicalization: "
            + "string)", "The same, with these headers."), Any);
        api.Later(Dkim, new ApiDoc("dkim_sign(selector: string, headers: array)", "The same, as in 1.2."), Any);
        api.Later(Dkim, new ApiDoc("dkim::sign(parameters: map)", "Signs the message."));
        api.Later(Dkim, new ApiDoc("dkim::has_result() -> bool", "Whether the signatures have been verified."));
        api.Later(Dkim, new ApiDoc("dkim::result() -> map", "What came of it."));
        api.Later(Dkim, new ApiDoc("dkim::store(result: map)", "Sets what came of it."));
        api.Later(Dkim, new ApiDoc("dkim::get_private_keys(sdid: string) -> array", "The keys of a domain."));
        api.Later("DMARC", new ApiDoc("check_dmarc() -> status", "Judges the author's domain by DMARC.") { Newer = ["dmarc::check"] }, Any);
        api.Later("sending mails from rules", new ApiDoc("send_mail(from: text, to: array, path: text, relay: text)", "Sends a file; it never worked before."));
    }

    /// <summary>The part that a name is built with; null: it is here.</summary>
    public static string? PartOf(string name) => Parts.Value.GetValueOrDefault(name);

    /// <summary>Whether one of the names, without its module, stands anywhere in a text: most texts need no closer look.</summary>
    public static bool MayBeIn(string text) => text.AsSpan().ContainsAny(Words.Value);

    public static string Explain(string name, string part) => $"`{name}` is built later, with {part}";

    private static readonly Lazy<Dictionary<string, string>> Parts = new(() =>
    {
        var parts = new Dictionary<string, string>();
        foreach (var function in ApiTable.All.Functions.Where(f => f.Later is not null))
        {
            foreach (var name in function.GlobalNames.Concat(function.ModuleNames)) parts[name] = function.Later!;
        }

        return parts;
    });

    private static readonly Lazy<SearchValues<string>> Words = new(() =>
        SearchValues.Create([.. Parts.Value.Keys.Select(name => name[(name.LastIndexOf(':') + 1)..])], StringComparison.Ordinal));
}
