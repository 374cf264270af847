using System.Text;
using Vsmtp.Mail.Delegation;
using Vsmtp.Mail.Headers;
using Vsmtp.Rules.Api;
using Vsmtp.Rules.Running;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>Reads and changes the header section; before the message is here, the headers that rules have added.</summary>
internal static class HeaderFunctions
{
    /// <summary>Twice what a client may send: rules have room, and no loop fills the memory.</summary>
    private const int MaxHeaderBytes = 512 * 1024;

    public static void AddTo(ApiTable api)
    {
        api.Section(
            "Headers",
            "Names are found without regard to case, among the headers of the message itself, not of its parts. Before `preq` "
                + "there are only "
            + "those that rules have added; they go in front of the message's own. Changes are kept beside the message and made "
            + "as it leaves: all "
            + "other bytes stay as they came. `X-VSMTP-DELEGATION` is the server's own; the headers have at most "
            + $"{MaxHeaderBytes / 1024} KiB in all.");
        api.OnMessage(
            new ApiDoc("has_header(name: text) -> bool", "Whether there is such a header.") { Newer = ["msg::has_header"] },
            (state, a) => Named(state, a[0], static (headers, name) => headers?.Has(name) ?? false));
        api.OnMessage(
            new ApiDoc("get_header(name: text) -> string", "The first one's value, unfolded, without the blanks in front; `\"\"` "
                + "when there is none.") { Newer = ["msg::get_header"] },
            (state, a) => Named(state, a[0], static (headers, name) => headers?.Get(name) ?? ""));
        api.OnMessage(
            new ApiDoc("get_headers(name: text, count: int) -> array", "The first `count` of them, each as `Name:value`, "
                + "unfolded."), GetHeaders);
        api.OnMessage(
            new ApiDoc("get_all_headers() -> array", "All headers as they stand, each with its folds.") { Newer = ["msg::get_all_headers"] },
            (state, _) => Lines(state.Context.Headers?.Fields ?? []));
        api.OnMessage(
            new ApiDoc("get_all_headers(name: text) -> array", "The values of all of that name, unfolded.") { Newer = ["msg::get_all_headers"] },
            (state, a) => Named(state, a[0], static (headers, name) => Array(headers?.GetAll(name) ?? [])));
        api.OnMessage(
            new ApiDoc("msg::get_header_untouched(name: text) -> array", "All of that name as they stand, `Name: value`, with "
                + "their folds."),
            (state, a) => Named(state, a[0], static (headers, name) => Lines(Fields(headers, name))));
        api.OnMessage(
            new ApiDoc("count_header(name: text) -> int", "How many there are.") { Newer = ["msg::count_header"] },
            (state, a) => Named(state, a[0], static (headers, name) => headers?.Count(name) ?? 0));
        Add(api, "append_header(name: text, value: text)", "Adds it as the last header.", "append_header", (n, v) => new HeaderEdit.Append(n, v));
        Add(api, "prepend_header(name: text, value: text)", "Adds it as the first header.", "prepend_header", (n, v) => new HeaderEdit.Prepend(n, v));
        Add(api, "set_header(name: text, value: text)", "Replaces the first one, folds and all; adds it as the last when there "
            + "is none.", "set_header", (n, v) => new HeaderEdit.Set(n, v));
        Add(api, "rename_header(old: text, new: text)", "Renames the first one; nothing when there is none.", "rename_header",
            (n, v) => new HeaderEdit.Rename(n, v));
        api.OnMessage(
            new ApiDoc("remove_header(name: text) -> bool", "Takes the first one out, and says whether there was one.") { Newer = ["msg::rm_header"] },
            (state, a) => Named(state, a[0], static (headers, name) => headers?.Remove(name) ?? false));
    }

    private static void Add(ApiTable api, string signature, string text, string newer, Func<string, string, HeaderEdit> make) => api.OnMessage(
        new ApiDoc(signature, text) { Newer = [$"msg::{newer}"], Errors = "a line break or NUL in the value; a name with blanks "
            + "or colons" },
        (state, a) => Edit(state, a[0], a[1], make));

    /// <summary>Whether so many more bytes fit into the header section; else what the script is told.</summary>
    public static bool HasRoom(HeaderBlock headers, int bytes, out Completion error)
    {
        var hasRoom = headers.Length + bytes <= MaxHeaderBytes;
        error = hasRoom ? default : Completion.Error($"the header section would have more than {MaxHeaderBytes} bytes");
        return hasRoom;
    }

    private static Completion Named(StageState state, in Value argument, Func<HeaderBlock?, string, Value> read) =>
        Argument.TryText(argument, out var name, out var error) ? read(state.Context.Headers, name) : error;

    private static Value Lines(IEnumerable<HeaderField> fields) =>
        Array(fields.Select(field => Encoding.UTF8.GetString(field.Raw.Span).TrimEnd('\r', '\n')));

    /// <summary>The first so many of a name, as <c>Key:value</c>.</summary>
    private static Completion GetHeaders(StageState state, ReadOnlySpan<Value> arguments)
    {
        if (!Argument.TryText(arguments[0], out var name, out var error)) return error;
        if (!arguments[1].TryAsInteger(out var count)) return Completion.Error("get_headers: the count must be an integer");
        return Array(Fields(state.Context.Headers, name).Take((int)Math.Clamp(count, 0, int.MaxValue)).Select(f => $"{f.Name}:{f.Value}"));
    }

    private static IEnumerable<HeaderField> Fields(HeaderBlock? headers, string name) =>
        (headers?.Fields ?? []).Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static Value Array(IEnumerable<string> texts) => new VslArray(texts.Select(t => Value.From(t)));

    private static Completion Edit(StageState state, in Value first, in Value second, Func<string, string, HeaderEdit> make)
    {
        if (!Argument.TryText(first, out var name, out var error)) return error;
        if (!Argument.TryText(second, out var value, out error)) return error;
        var edit = make(name, value);
        var written = edit is HeaderEdit.Rename ? value : name;
        if (IsOurs(written))
        {
            return Completion.Error($"the header {DelegationHeader.Name} is the server's own");
        }

        // Before the message is here, headers are kept apart and go in front of its own.
        state.Context.Headers ??= HeaderBlock.Parse(default);
        if (!HasRoom(state.Context.Headers, name.Length + value.Length, out error)) return error;
        return state.Context.Headers.Apply(edit) switch
        {
            HeaderFault.BadName => Completion.Error($"`{written}` cannot be the name of a header"),
            HeaderFault.BadValue => Completion.Error($"the value of the header `{name}` has a line break or a NUL in it"),
            // A rename that finds nothing changes nothing.
            _ => Completion.Unit,
        };
    }

    private static bool IsOurs(string name) => name.Equals(DelegationHeader.Name, StringComparison.OrdinalIgnoreCase);
}
