namespace Vsmtp.Storage.Migrations;

/// <summary>One step of the schema.</summary>
/// <param name="Version">From 1, without gaps.</param>
/// <param name="Name">Its file.</param>
/// <param name="Sql">One script, run in one transaction.</param>
internal sealed record Migration(long Version, string Name, string Sql);
