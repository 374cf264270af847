namespace Vsmtp.Rules.Services.Sql;

/// <summary>What <c>service NAME db:sqlite</c> says.</summary>
/// <param name="Store">The file of the server's own store, which is never opened; null: it has none.</param>
internal sealed record SqliteOptions(string Path, bool IsReadOnly, TimeSpan Timeout, int Connections, string? Store);
