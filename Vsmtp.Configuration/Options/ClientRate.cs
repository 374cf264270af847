namespace Vsmtp.Configuration.Options;

/// <summary>So many in so long: <c>"60/1m"</c>.</summary>
/// <param name="Count">At least 1; so many may also come at once.</param>
/// <param name="Per">More than nothing.</param>
public sealed record ClientRate(int Count, TimeSpan Per);
