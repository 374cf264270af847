using System.Net;
using System.Text;
using Vsmtp.Mail.Addresses;
using Vsmtp.Mail.Text;
using Vsmtp.Mail.Trace;

namespace Vsmtp.Mail.Notifications;

/// <summary>The fields of one recipient in a message/delivery-status part (RFC 3464 §2.3).</summary>
internal static class StatusFields
{
    /// <summary>Of a reply; a server that says more is cut short.</summary>
    private const int MaxReplyLength = 1000;

    /// <summary>In this order; each a line, or several where it is folded.</summary>
    public static IEnumerable<string> Of(NotifiedRecipient recipient)
    {
        if (recipient.OriginalRecipient is { } given) yield return $"Original-Recipient: {OriginalOf(given)}";
        yield return $"Final-Recipient: {Typed(recipient.Address)}";
        yield return $"Action: {recipient.Action.ToString().ToLowerInvariant()}";
        yield return $"Status: {recipient.Status}";
        if (recipient.RemoteServer is { } server) yield return $"Remote-MTA: dns; {HostOf(server)}";
        if (recipient.Reply is { } reply) yield return $"Diagnostic-Code: smtp; {Folded(reply)}";
        if (recipient.LastAttemptAt is { } last) yield return $"Last-Attempt-Date: {MailDate.Format(last)}";
        if (recipient.WillRetryUntil is { } until) yield return $"Will-Retry-Until: {MailDate.Format(until)}";
    }

    /// <summary>The address with its type (RFC 3464 §2.1.2; RFC 6533 §3 for one that is not ASCII).</summary>
    private static string Typed(string address) => $"{(Ascii.IsValid(address) ? "rfc822" : "utf-8")}; {HeaderWord.Clean(address)}";

    /// <summary>A host that was known by its address only is an address literal (RFC 3464 §2.1.2).</summary>
    private static string HostOf(string server) => IPAddress.TryParse(server, out var address) ? AddressLiteral.Format(address) : HeaderWord.Clean(server);

    /// <summary>ORCPT is <c>type;xtext</c>, the field <c>type; text</c> (RFC 3461 §4.2).</summary>
    private static string OriginalOf(string given)
    {
        var semicolon = given.IndexOf(';', StringComparison.Ordinal);
        if (semicolon < 0) return $"rfc822; {HeaderWord.Clean(given)}";
        var address = given[(semicolon + 1)..];
        return $"{HeaderWord.Clean(given[..semicolon])}; {HeaderWord.Clean(XText.TryDecode(address, out var decoded) ? decoded : address)}";
    }

    private static string Folded(string reply)
    {
        var text = new StringBuilder();
        foreach (var line in reply.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (text.Length > MaxReplyLength) break;
            if (text.Length > 0) text.Append("\r\n\t");
            text.Append(HeaderWord.Clean(line.Length > MaxReplyLength ? line[..MaxReplyLength] : line));
        }

        return text.ToString();
    }
}
