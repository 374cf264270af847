using System.Text;
using Vsmtp.Mail.Delegation;
using Vsmtp.Mail.Headers;
using Vsmtp.Rules.Running;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>Reads and changes the header section; before the message is here, the headers that rules have added.</summary>
internal static class HeaderFunctions
{
    /// <summary>Twice what a client may send: rules have room, and no loop fills the memory.</summary>
    private const int MaxHeaderBytes = 512 * 1024;

    public static void Register(RuleApi api)
    {
        api.OnMessage("has_header", 1, (state, a) => Named(a[0], name => state.Context.Headers?.Has(name) ?? false));
        api.OnMessage("get_header", 1, (state, a) => Named(a[0], name => state.Context.Headers?.Get(name) ?? ""));
        api.OnMessage("count_header", 1, (state, a) => Named(a[0], name => state.Context.Headers?.Count(name) ?? 0));
        api.OnMessage("get_all_headers", 0, (state, _) => Lines(state.Context.Headers));
        api.OnMessage("get_all_headers", 1, (state, a) => Named(a[0], name => Array(state.Context.Headers?.GetAll(name) ?? [])));
        api.OnMessage("get_headers", 2, GetHeaders);
        api.OnMessage("append_header", 2, (state, a) => Edit(state, a[0], a[1], (n, v) => new HeaderEdit.Append(n, v)));
        api.OnMessage("prepend_header", 2, (state, a) => Edit(state, a[0], a[1], (n, v) => new HeaderEdit.Prepend(n, v)));
        api.OnMessage("set_header", 2, (state, a) => Edit(state, a[0], a[1], (n, v) => new HeaderEdit.Set(n, v)));
        api.OnMessage("rename_header", 2, (state, a) => Edit(state, a[0], a[1], (n, v) => new HeaderEdit.Rename(n, v)));
        api.OnMessage("remove_header", 1, (state, a) => Named(a[0], name => state.Context.Headers?.Remove(name) ?? false));
    }

    private static Completion Named(in Value argument, Func<string, Value> read) =>
        Argument.TryText(argument, out var name, out var error) ? read(name) : error;

    private static Completion Lines(HeaderBlock? headers) =>
        Array((headers?.Fields ?? []).Select(field => Encoding.UTF8.GetString(field.Raw.Span).TrimEnd('\r', '\n')));

    /// <summary>The first so many of a name, as <c>Key:value</c>.</summary>
    private static Completion GetHeaders(StageState state, ReadOnlySpan<Value> arguments)
    {
        if (!Argument.TryText(arguments[0], out var name, out var error)) return error;
        if (!arguments[1].TryAsInteger(out var count)) return Completion.Error("get_headers: the count must be an integer");
        var fields = (state.Context.Headers?.Fields ?? []).Where(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return Array(fields.Take((int)Math.Clamp(count, 0, int.MaxValue)).Select(f => $"{f.Name}:{f.Value}"));
    }

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
        if (state.Context.Headers.Length + name.Length + value.Length > MaxHeaderBytes)
        {
            return Completion.Error($"the header section would have more than {MaxHeaderBytes} bytes");
        }

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
