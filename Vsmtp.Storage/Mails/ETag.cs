using System.Globalization;
using Orleans.Storage;

namespace Vsmtp.Storage.Mails;

/// <summary>The version of a row, as grains know it: a decimal number; null or empty where there is no row.</summary>
internal static class ETag
{
    public static string Of(long version) => version.ToString(CultureInfo.InvariantCulture);

    public static long? Version(string? etag) =>
        string.IsNullOrEmpty(etag) ? null : long.Parse(etag, CultureInfo.InvariantCulture);

    /// <param name="what">For the message.</param>
    /// <param name="stored">The version in the store; null: no row.</param>
    /// <param name="expected">The version that the grain read; null: none.</param>
    /// <exception cref="InconsistentStateException">They differ.</exception>
    public static void ThrowIfStale(string what, long? stored, long? expected)
    {
        if (stored == expected) return;
        throw new InconsistentStateException($"{what} was written by somebody else.", Text(stored), Text(expected));

        static string Text(long? version) => version is { } number ? Of(number) : "none";
    }
}
