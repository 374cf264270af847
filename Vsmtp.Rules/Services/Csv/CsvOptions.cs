namespace Vsmtp.Rules.Services.Csv;

/// <summary>What <c>service NAME db:csv</c> says.</summary>
/// <param name="Refreshes">Whether changes that others make to the file are seen; else it is read once.</param>
/// <param name="Delimiter">One character, which may be two UTF-16 units.</param>
internal sealed record CsvOptions(string Path, CsvAccess Access, bool Refreshes, string Delimiter);

/// <summary>As open(2) names it.</summary>
internal enum CsvAccess
{
    ReadOnly,
    WriteOnly,
    ReadWrite,
}
