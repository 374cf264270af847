using System.Diagnostics.CodeAnalysis;

namespace Vsmtp.Smtp.Server.Authentication;

/// <summary>What stands in front of a client's first word (RFC 5801 §4): whether it can bind to the channel, and whom to act as.</summary>
/// <param name="Text">The header itself, its last comma included.</param>
/// <param name="ActAs">Empty: nobody is named.</param>
internal sealed record Gs2Header(string Text, string ActAs)
{
    /// <summary>
    /// Takes a header off. <c>p=</c> is none that we can serve, for no mechanism with -PLUS is offered; <c>y</c> says that the client could
    /// and believes that we cannot, which is true (RFC 5802 §6).
    /// </summary>
    public static bool TryTake(string text, [NotNullWhen(true)] out Gs2Header? header, [NotNullWhen(true)] out string? rest)
    {
        (header, rest) = (null, null);
        if (!text.StartsWith("n,", StringComparison.Ordinal) && !text.StartsWith("y,", StringComparison.Ordinal)) return false;
        var comma = text.IndexOf(',', 2);
        if (comma < 0) return false;
        var actAs = "";
        if (comma > 2 && (!text.AsSpan(2).StartsWith("a=") || !TryUnescape(text[4..comma], out actAs) || actAs.Length == 0)) return false;
        (header, rest) = (new Gs2Header(text[..(comma + 1)], actAs), text[(comma + 1)..]);
        return true;
    }

    /// <summary>RFC 5802 §5.1: <c>=2C</c> is a comma, <c>=3D</c> an equals sign, and no other may stand behind one.</summary>
    public static bool TryUnescape(string text, out string name)
    {
        name = text.Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
        return text.Split('=').Skip(1).All(part =>
            part.StartsWith("2C", StringComparison.Ordinal) || part.StartsWith("3D", StringComparison.Ordinal));
    }
}
