using System.Text;
using Vsmtp.Rules.Api;
using Vsmtp.Vsl;

namespace Vsmtp.Rules;

/// <summary>The reference of all functions that rules can call, docs/vsl-api.md, from the table that scripts are bound to.</summary>
public static class RuleReference
{
    private const string Introduction = """
        # vSL: all functions

        Written by `eng/generate-api-docs` from the program's own table of functions; a test fails when the two differ. How rules are put
        together, what stages, services and objects are: [rules.md](rules.md). Which tests show what each function does:
        [vsl-api-tests.md](vsl-api-tests.md).

        ## How to call them

        | form | example |
        |---|---|
        | by name | `client_ip()`, `has_header("X-Spam")` |
        | on a handle, with or without parentheses when nothing is given | `ctx().client_ip`, `msg().has_header("X-Spam")` |
        | in the module `sys`, the handle first where there is one | `sys::client_ip(ctx())`, `sys::has_header(msg(), "X-Spam")` |
        | as in vSMTP 2.x | `ctx::client_ip()`, `msg::has_header("X-Spam")` |

        All forms of a function are one function. Names before 1.2 work like the first three forms. A name that does not exist is a warning of
        `vsmtp check`, with the name that was probably meant, and a script error when it is called.

        | type | what may stand there |
        |---|---|
        | `text` | a string, or an object, by its text |
        | `address` | an address, or a string or object whose text is one; another text is the error `invalid type conversion …` |
        | `code` | a code object, or a string such as `"554 5.7.1 no"` |
        | `map`, `array`, `string`, `int`, `bool`, `closure` | values of the language |
        | `any` | anything |

        *From* is the first stage at which a function has something to give or to change; nothing there means any stage, and then also while
        the rules are loaded if it needs no mail. Errors are script errors: `try { … } catch (e) { … }` gets them as strings, and one that no rule catches
        refuses the mail before the 250 and puts it into the quarantine `script-error` after it. An argument of the wrong type always is one.


        """;

    /// <summary>Markdown, lines ended by LF.</summary>
    public static string ToMarkdown()
    {
        var text = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        var table = ApiTable.All;
        WriteContents(text, table);
        foreach (var section in table.Sections) Write(text, table, section);
        text.Append("## Configuration\n\n");
        text.Append("`toml::server` and `toml::app`, in 2.x `cfg::server` and `cfg::app`: maps with the effective configuration, durations as text, without ");
        text.Append("secrets. A key that is not there gives `()`.\n\n");
        text.Append("## The standard library\n\nWhat every script has, with or without mail. `x.f(y)` and `f(x, y)` are the same call.\n\n");
        foreach (var group in LibraryReference.Groups) Write(text, group);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void WriteContents(StringBuilder text, ApiTable table)
    {
        var titles = table.Sections.Select(section => section.Title).Append("Configuration").Append("The standard library");
        text.AppendJoin(" · ", titles.Select(title => $"[{title}](#{Anchor(title)})"));
        text.Append("\n\n");
    }

    /// <summary>As GitHub makes them from headings.</summary>
    private static string Anchor(string title) => title.ToLowerInvariant().Replace(",", "", StringComparison.Ordinal).Replace(' ', '-');

    private static void Write(StringBuilder text, ApiTable table, ApiSection section)
    {
        text.Append($"## {section.Title}\n\n");
        if (section.Text.Length > 0) text.Append(section.Text).Append("\n\n");
        var functions = table.Functions.Where(function => function.Section == section).ToList();
        if (functions.Count > 0) WriteFunctions(text, functions);
        var constants = table.Constants.Where(constant => constant.Section == section).ToList();
        if (constants.Count > 0) WriteConstants(text, constants);
    }

    private static void WriteFunctions(StringBuilder text, List<ApiFunction> functions)
    {
        var isLater = functions[0].Later is not null;
        text.Append(isLater ? "| call | also | with | what |\n" : "| call | also | from | what |\n").Append("|---|---|---|---|\n");
        foreach (var function in functions)
        {
            var receiver = function.ReceiverWord is { } word ? $"{word}." : "";
            var also = function.Doc.Newer.Concat(function.Doc.Older).Select(name => $"`{name}`");
            var errors = function.Doc.Errors is { } why ? $" Error: {why}." : "";
            var with = function.Later ?? function.Doc.First?.ToText();
            text.Append($"| `{receiver}{function.Signature}` | {string.Join(" ", also)} | {with} | {function.Doc.Text}{errors} |\n");
        }

        text.Append('\n');
    }

    private static void WriteConstants(StringBuilder text, List<ApiConstant> constants)
    {
        text.Append("| constant | 2.x | value |\n|---|---|---|\n");
        foreach (var constant in constants)
        {
            var name = constant.Name is null ? "" : $"`{constant.Name}`";
            var newer = string.Join(" ", constant.Newer.Select(call => $"`{call}()`"));
            text.Append($"| {name} | {newer} | {constant.Value.AsHost().ToText()} |\n");
        }

        text.Append('\n');
    }

    private static void Write(StringBuilder text, LibraryGroup group)
    {
        text.Append($"### {group.Title}\n\n");
        if (group.Text.Length > 0) text.Append(group.Text).Append("\n\n");
        text.Append("| call | what |\n|---|---|\n");
        foreach (var entry in group.Entries) text.Append($"| {string.Join(" ", entry.Calls.Select(call => $"`{call}`"))} | {entry.Text} |\n");
        text.Append('\n');
    }
}
