namespace Vsmtp.Configuration.Options;

/// <summary>The form of a domain on the wire: letters, digits, hyphens (RFC 5321 §4.1.2); an IPv4 address has it too.</summary>
internal static class DomainName
{
    private const int MaxLength = 253;
    private const int MaxLabelLength = 63;

    public static bool IsValid(string text)
    {
        if (text.Length is 0 or > MaxLength)
        {
            return false;
        }

        foreach (var label in text.Split('.'))
        {
            if (label.Length is 0 or > MaxLabelLength || label[0] == '-' || label[^1] == '-' || !label.All(IsLabelCharacter))
            {
                return false;
            }
        }

        return true;
    }

    // An underscore is no host name's (RFC 952), but machines and containers carry it.
    private static bool IsLabelCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';
}
