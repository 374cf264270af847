using System.Collections.Immutable;

namespace Vsmtp.Rules.Api;

/// <summary>How a function is called: <c>forward(rcpt: address, target: text)</c>, <c>client_ip() -> string</c>.</summary>
/// <param name="Name">With its module where it has no other name: <c>code::c451_3_0</c>.</param>
/// <param name="Result">A word for its type, or several: <c>string or ()</c>. Null: it gives nothing.</param>
internal sealed record ApiSignature(string Name, ImmutableArray<ApiParameter> Parameters, string? Result)
{
    public bool IsNewerOnly => Name.Contains("::", StringComparison.Ordinal);

    public static ApiSignature Parse(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var arrow = text.IndexOf(") -> ", open, StringComparison.Ordinal);
        var close = arrow < 0 ? text.LastIndexOf(')') : arrow;
        var parameters = text[(open + 1)..close].Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(parameter =>
            parameter.Split(": ") is [var name, var type]
                ? new ApiParameter(name, type)
                : throw new FormatException($"`{parameter}` in `{text}` is no parameter with its type."));
        return new ApiSignature(text[..open], [.. parameters], arrow < 0 ? null : text[(arrow + 5)..]);
    }

    public override string ToString() =>
        $"{Name}({string.Join(", ", Parameters.Select(p => $"{p.Name}: {p.Type}"))}){(Result is null ? "" : $" -> {Result}")}";
}
