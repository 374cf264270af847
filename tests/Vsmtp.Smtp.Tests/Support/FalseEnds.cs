using System.Text;

namespace Vsmtp.Smtp.Tests.Support;

/// <summary>
/// What some server takes for the end of a message: each way to write a line end before a lone dot, with each behind it (SEC Consult 2023,
/// "SMTP Smuggling", and those who followed). One character for each octet.
/// </summary>
public static class FalseEnds
{
    private static readonly string[] LineEnds =
    [
        "\r\n", "\n", "\r", "\r\r\n", "\n\r\n", "\r\n\r", "\r\n\n", "\n\r", "\r\0\n", "\n\0", "\r\0", "\0\r\n", "\r\n\0", "\0", "\f", "\v", "\x1A",
        "\x85", Utf8('\x85'), Utf8('\u2028'), "",
    ];

    /// <summary>The lone dot alone.</summary>
    public static IReadOnlyList<string> Plain { get; } = With(".");

    /// <summary>And with a NUL or a blank at it, or with the dot of transparency.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Plain, .. With("\0."), .. With(".\0"), .. With(".."), .. With(". "), .. With(" .")];

    /// <param name="dot">What stands in the dot's place.</param>
    public static IReadOnlyList<string> With(string dot) =>
        [.. LineEnds.SelectMany(before => LineEnds.Select(behind => before + dot + behind)).Distinct()];

    /// <summary>What RFC 5321 §4.5.2 makes of it, read without regard to how our server reads.</summary>
    public static FalseEnd Judge(string falseEnd)
    {
        var end = falseEnd.IndexOf("\r\n.\r\n", StringComparison.Ordinal);
        if (end >= 0) return end > 0 && falseEnd[end - 1] is '\r' or '\n' or '\0' ? FalseEnd.Doubtful : FalseEnd.True;
        return falseEnd.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n', '\0') ? FalseEnd.Content : FalseEnd.Clean;
    }

    /// <summary>The message that a sender means by octets in which CRLF alone ends a line (RFC 5321 §4.5.2).</summary>
    public static string Unstuffed(string octets) => ("\r\n" + octets).Replace("\r\n.", "\r\n", StringComparison.Ordinal)[2..];

    /// <summary>Every octet to be read.</summary>
    public static string Shown(string octets) => string.Concat(octets.Select(c => c is > ' ' and < '\x7F' ? c.ToString() : $"<{(int)c:X2}>"));

    private static string Utf8(char c) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(c.ToString()));
}

/// <summary>What octets between two halves of a message are.</summary>
public enum FalseEnd
{
    /// <summary>CRLF.CRLF behind an honest line: the end for everyone.</summary>
    True,

    /// <summary>CRLF.CRLF right behind a bare CR, a bare LF or a NUL: the end, for all but those who count line ends in another way.</summary>
    Doubtful,

    /// <summary>No end, and no content either.</summary>
    Content,

    /// <summary>Content like any other.</summary>
    Clean,
}
