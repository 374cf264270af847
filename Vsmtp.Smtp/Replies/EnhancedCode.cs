using System.Globalization;

namespace Vsmtp.Smtp.Replies;

/// <summary>The status that says more than the three digits (RFC 3463 §2), such as 5.7.1.</summary>
/// <param name="Class">2 success, 4 transient, 5 permanent.</param>
/// <param name="Subject">0 to 999.</param>
/// <param name="Detail">0 to 999.</param>
public readonly record struct EnhancedCode(int Class, int Subject, int Detail)
{
    /// <summary>Reads <c>class.subject.detail</c>, nothing before or behind it.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out EnhancedCode code)
    {
        code = default;
        if (text.Length < 5 || text[0] is not ('2' or '4' or '5') || text[1] != '.') return false;
        var rest = text[2..];
        var dot = rest.IndexOf('.');
        if (dot < 0) return false;
        if (!TryReadNumber(rest[..dot], out var subject) || !TryReadNumber(rest[(dot + 1)..], out var detail)) return false;
        code = new EnhancedCode(text[0] - '0', subject, detail);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Class}.{Subject}.{Detail}");

    private static bool TryReadNumber(ReadOnlySpan<char> digits, out int number)
    {
        number = 0;
        return digits.Length is >= 1 and <= 3
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
