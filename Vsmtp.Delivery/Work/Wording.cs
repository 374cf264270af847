using System.Text;
using Vsmtp.Smtp.Replies;

namespace Vsmtp.Delivery.Work;

/// <summary>What the far end said, fit for histories, screens and logs.</summary>
internal static class Wording
{
    /// <summary>All lines with their codes; control characters, with which a peer could play on a terminal, become <c>?</c>.</summary>
    public static string Of(SmtpReply reply) => Clean(reply.ToString());

    public static string Clean(string text)
    {
        if (!text.Any(c => char.IsControl(c) && c != '\n')) return text;
        var clean = new StringBuilder(text.Length);
        foreach (var c in text) clean.Append(char.IsControl(c) && c != '\n' ? '?' : c);
        return clean.ToString();
    }
}
