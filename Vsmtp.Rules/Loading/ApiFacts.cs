using Vsmtp.Vsl;

namespace Vsmtp.Rules.Loading;

/// <summary>What is known of the API before a rule runs, so that mistakes are told when rules are loaded.</summary>
internal static class ApiFacts
{
    private const string Status = "Status";
    private const string Address = "object:address";
    private const string ObjectPrefix = "object:";

    /// <summary>Functions whose first argument names a header field; <c>rename_header</c>'s second does too.</summary>
    private static readonly string[] HeaderFunctions =
        ["has_header", "get_header", "count_header", "append_header", "prepend_header", "set_header", "rename_header", "remove_header"];

    /// <summary>Kinds of objects that never equal a text (language §13.6).</summary>
    private static readonly string[] Wordless = ["object:group", "object:file", "object:code"];

    private static readonly string[][] Families = [["object:ip4", "object:ip6"], ["object:rg4", "object:rg6"]];

    public static HostFacts Facts { get; } = new()
    {
        StatusType = Status,
        ResultTypes = new (string Type, string Names)[]
        {
            (Status, "next accept faccept deny info quarantine check_mail_relay check_rcpt_relay"),
            (Address, "mail_from rcpt new_address"),
            ("string", "client_address client_ip server_address server_ip server_name helo message_id get_header hostname date time"),
            ("i64", "client_port server_port count_header"),
            ("bool", "is_secured is_authenticated has_header in_domain user_exist remove_header"),
            ("()", "log append_header prepend_header set_header rename_header"),
        }.SelectMany(group => group.Names.Split(' ').Select(name => KeyValuePair.Create(name, group.Type))).ToDictionary(),
        NeverEqual = NeverEqual,
        LiteralFault = LiteralFault,
    };

    private static bool NeverEqual(string left, string right)
    {
        if (left == right) return false;
        if (left == Status) return true;
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
