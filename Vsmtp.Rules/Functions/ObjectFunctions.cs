using Vsmtp.Rules.Api;
using Vsmtp.Rules.Objects;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>Objects without a declaration, as vSMTP 2.x makes them.</summary>
internal static class ObjectFunctions
{
    private static readonly (string Kind, string Text)[] OfText =
    [
        ("ip4", "An IPv4 address."),
        ("ip6", "An IPv6 address."),
        ("rg4", "An IPv4 network, `192.0.2.0/24`."),
        ("rg6", "An IPv6 network, `2001:db8::/32`."),
        ("fqdn", "A domain name."),
        ("address", "A mail address."),
        ("identifier", "Any text, meant for local parts."),
        ("regex", "A pattern, matched anywhere unless anchored."),
    ];

    public static void AddTo(ApiTable api)
    {
        api.Section(
            "Objects",
            "What `object NAME KIND = …` makes, without a name: [rules.md](rules.md#objects). Give it one with `const`, or "
                + "`export const` to share it.");
        foreach (var (kind, text) in OfText)
        {
            api.Global(
                new ApiDoc($"{kind}(text: text) -> object", text) { Newer = [$"obj::{kind}"], Errors = "a text that is none" },
                (call, a) => Argument.TryText(a[0], out var written, out var error) ? Make(kind, null, Value.From(written), call) : error);
        }

        api.Global(
            new ApiDoc("file(path: string, kind: string) -> array", "The objects of a file, one a line, each of this kind. Only "
                + "while the rules are loaded, at the top level of a module: the file becomes part of the rule set.")
            {
                Newer = ["obj::file"], Errors = "a relative path; a file that cannot be read; a line that is no such object; in a rule",
            },
            File);
        api.Global(
            new ApiDoc("code(reply: string) -> object", "A reply: `code(\"554 5.7.1 no\")`; or a map with `code`, `enhanced` and "
                + "`text`.") { Newer = ["obj::code"], Errors = NoReply },
            (call, a) => Make("code", null, a[0], call));
        api.Global(
            new ApiDoc("code(code: int, text: string) -> object", "A reply without an enhanced code: `code(250, \"Ok\")`.")
            {
                Newer = ["obj::code"], Errors = NoReply,
            },
            (call, a) => Code(call, a[0], "", a[1]));
        api.Global(
            new ApiDoc("code(code: int, enhanced: string, text: string) -> object", "A reply: `code(501, \"5.1.7\", \"Bad "
                + "sender\")`.") { Newer = ["obj::code"], Errors = NoReply },
            (call, a) => Code(call, a[0], a[1], a[2]));
    }

    private const string NoReply = "a code that is not 200 to 599; an enhanced code that is not three numbers";

    private static Completion File(HostCall call, ReadOnlySpan<Value> arguments)
    {
        if (!arguments[1].TryAsString(out var kind) || !ObjectText.LineKinds.Contains(kind))
        {
            return Completion.Error($"file: `{arguments[1].ToText()}` is not what a line can be: "
                + $"{string.Join(", ", ObjectText.LineKinds.Order(StringComparer.Ordinal))}");
        }

        var made = Make("file", kind, arguments[0], call);
        return made.IsValue ? Value.From(new VslArray(made.Value.AsHost().Items!)) : made;
    }

    private static Completion Code(HostCall call, in Value code, in Value enhanced, in Value text) =>
        Make("code", null, new VslMap(new Dictionary<string, Value> { ["code"] = code, ["enhanced"] = enhanced, ["text"] = text }), call);

    private static Completion Make(string kind, string? contentKind, in Value value, HostCall call)
    {
        var made = ObjectFactory.Make(kind, contentKind, value, call);
        return made.Failure is { Kind: ScriptErrorKind.Host } failure ? Completion.Error($"{kind}: {failure.Message}") : made;
    }
}
