using System.Collections.Frozen;
using Vsmtp.Rules.Api;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Loading;

/// <summary>What is known of the API before a rule runs, so that mistakes are told when rules are loaded.</summary>
internal static class ApiFacts
{
    private const string Status = "Status";
    private const string Time = "SystemTime";
    private const string ObjectPrefix = "object:";

    /// <summary>Functions whose first argument names a header field; <c>rename_header</c>'s second does too.</summary>
    private static readonly string[] HeaderFunctions =
        ["has_header", "get_header", "count_header", "append_header", "prepend_header", "set_header", "rename_header", "remove_header"];

    /// <summary>Kinds of objects that never equal a text (language §13.6).</summary>
    private static readonly string[] Wordless = ["object:group", "object:file", "object:code"];

    private static readonly string[][] Families = [["object:ip4", "object:ip6"], ["object:rg4", "object:rg6"]];

    /// <summary>Types of what the table's words for results name. Others, such as <c>object</c>, are words for several types.</summary>
    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        ["status"] = Status, ["address"] = "object:address", ["time"] = Time, ["string"] = "string", ["int"] = "i64", ["bool"] = "bool",
        ["array"] = "array", ["map"] = "map",
    }.ToFrozenDictionary();

    public static HostFacts Facts { get; } = new()
    {
        StatusType = Status,
        ResultTypes = ResultTypes(ApiTable.All),
        NeverEqual = NeverEqual,
        LiteralFault = LiteralFault,
    };

    /// <summary>By every name under which a function is called without a module; not those whose overloads differ in what they give.</summary>
    public static FrozenDictionary<string, string> ResultTypes(ApiTable table) => table.Functions
        .SelectMany(function => function.GlobalNames.Select(name => (Name: name, Function: function)))
        .GroupBy(call => call.Name, call => call.Function)
        .Where(overloads => overloads.Any(function => function.ReceiverType is null))
        .Select(overloads => (Name: overloads.Key, Types: overloads.Select(function => TypeOf(function.Signature)).Distinct().ToArray()))
        .Where(known => known.Types is [not null])
        .ToFrozenDictionary(known => known.Name, known => known.Types[0]!);

    private static string? TypeOf(ApiSignature signature) => signature.Result is { } word ? Types.GetValueOrDefault(word) : "()";

    private static bool NeverEqual(string left, string right)
    {
        if (left == right) return false;
        if (left is Status or Time) return true;
        if (!left.StartsWith(ObjectPrefix, StringComparison.Ordinal)) return false;
        if (right.StartsWith(ObjectPrefix, StringComparison.Ordinal))
            return !Families.Any(family => family.Contains(left) && family.Contains(right));
        return right != "string" || Wordless.Contains(left);
    }

    /// <summary>RFC 5322 §3.6.8: a field name is of printable ASCII without a colon.</summary>
    private static string? LiteralFault(string function, int argument, string text)
    {
        if (!HeaderFunctions.Contains(function) || argument > 1 || (argument == 1 && function != "rename_header")) return null;
        return text.Length > 0 && text.All(c => c is > ' ' and <= '~' and not ':')
            ? null
            : $"`{text}` cannot be the name of a header: it is of printable ASCII without blanks and colons (RFC 5322 §3.6.8)";
    }
}
