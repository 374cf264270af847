using System.Diagnostics.CodeAnalysis;
using Vsmtp.Mail.Headers;

namespace Vsmtp.Mail.Delegation;

/// <summary>The header that goes with a mail to a service and comes back with it.</summary>
/// <param name="Stage">The stage that sleeps: <c>preq</c>, <c>postq</c> or <c>delivery</c>.</param>
/// <param name="Directive">The name of the directive that delegated.</param>
/// <param name="MailId">The mail's id; only a ticket proves it.</param>
/// <param name="Ticket">Null when the header that came had none that can be read.</param>
public sealed record DelegationHeader(string Stage, string Directive, string MailId, DelegationTicket? Ticket)
{
    public const string Name = "X-VSMTP-DELEGATION";

    /// <summary>Longest directive name that surely leaves the header on one line of 998 octets.</summary>
    public const int MaxDirectiveBytes = 512;

    /// <summary>
    /// False for a directive name that would not come back as it went: quotes, backslashes, semicolons, control, non-ASCII.
    /// </summary>
    public static bool CanCarry(string directive)
    {
        if (directive.Length is 0 or > MaxDirectiveBytes || directive != directive.Trim()) return false;
        foreach (var c in directive)
        {
            if (c is < ' ' or > '~' or '"' or '\\' or ';') return false;
        }

        return true;
    }

    /// <summary>The value on one line, to be put in front by <see cref="HeaderBlock.Prepend"/>.</summary>
    /// <exception cref="InvalidOperationException">There is no ticket, or the directive cannot travel (<see
    /// cref="CanCarry"/>).</exception>
    public string ToValue()
    {
        if (Ticket is null) throw new InvalidOperationException("A delegation header needs a ticket.");
        if (!CanCarry(Directive)) throw new InvalidOperationException($"The directive '{Directive}' cannot travel.");
        return $"sent; stage={Stage}; directive=\"{Directive}\"; id=\"{MailId}\"; ticket=\"{Ticket.Text}\"";
    }

    /// <summary>
    /// All headers of the name that can be read, from the top: a service may have put fields before, between and behind.
    /// </summary>
    public static IReadOnlyList<DelegationHeader> FindAll(HeaderBlock block)
    {
        var found = new List<DelegationHeader>();
        foreach (var value in block.GetAll(Name))
        {
            if (TryParse(value, out var header)) found.Add(header);
        }

        return found;
    }

    /// <summary>
    /// Reads an unfolded value with its arguments in any order; unknown ones are ignored, of repeated ones the last counts.
    /// </summary>
    public static bool TryParse(string value, [NotNullWhen(true)] out DelegationHeader? header)
    {
        var arguments = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in SplitOutsideQuotes(value))
        {
            if (part.IndexOf('=', StringComparison.Ordinal) is var equals and > 0)
            {
                arguments[part[..equals].Trim()] = Unquote(part[(equals + 1)..]);
            }
        }

        _ = DelegationTicket.TryParse(arguments.GetValueOrDefault("ticket"), out var ticket);
        header = new DelegationHeader(
            arguments.GetValueOrDefault("stage", ""), arguments.GetValueOrDefault("directive", ""),
            arguments.GetValueOrDefault("id", ""), ticket);
        return header is { Ticket: not null } or { MailId: not "" };
    }

    private static List<string> SplitOutsideQuotes(string value)
    {
        var parts = new List<string>();
        var (start, isQuoted) = (0, false);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '"') isQuoted = !isQuoted;
            if (value[i] != ';' || isQuoted) continue;
            parts.Add(value[start..i]);
            start = i + 1;
        }

        parts.Add(value[start..]);
        return parts;
    }

    /// <summary>A service that folds anew may have put a tab where a blank was.</summary>
    private static string Unquote(string text)
    {
        var trimmed = text.Replace('\t', ' ').Trim();
        return trimmed is ['"', .. var inner, '"'] ? inner : trimmed;
    }
}
