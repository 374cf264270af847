namespace Vsmtp.Configuration;

/// <summary>A key that is not the same in two configurations.</summary>
/// <param name="Key">With the tables in front, as <c>server.smtp.error.delay</c>.</param>
/// <param name="Before">As TOML; null: it is not set.</param>
/// <param name="After">As <paramref name="Before"/>.</param>
public sealed record KeyDifference(string Key, string? Before, string? After);
