using System.Globalization;

namespace Vsmtp.Mail.Trace;

/// <summary>Dates as messages write them (RFC 5322 §3.3).</summary>
public static class MailDate
{
    /// <summary>For example <c>Sun, 22 Nov 2026 09:41:57 +0000</c>, in the offset of <paramref name="time"/>.</summary>
    public static string Format(DateTimeOffset time) =>
        time.ToString("ddd, d MMM yyyy HH':'mm':'ss ", CultureInfo.InvariantCulture)
        + time.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal);
}
