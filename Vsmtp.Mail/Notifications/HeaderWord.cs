namespace Vsmtp.Mail.Notifications;

/// <summary>Words of peers within lines of ours.</summary>
internal static class HeaderWord
{
    /// <summary>Control characters, which could end a line or play on a terminal, become <c>?</c>.</summary>
    public static string Clean(string word) => word.Any(char.IsControl) ? string.Concat(word.Select(c => char.IsControl(c) ? '?' : c)) : word;
}
