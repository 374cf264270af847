namespace Vsmtp.Rules.Services.Csv;

/// <summary>One record of a text.</summary>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="End">Behind its line end.</param>
/// <param name="IsWhole">False: its quotes do not end, so that it goes to the end of the text.</param>
internal sealed record CsvRecord(string[] Fields, int Start, int End, bool IsWhole);
