using System.Text.RegularExpressions;

namespace Vsmtp.Rules.Tests.Api;

/// <summary>A line of docs/vsl-api-tests.md.</summary>
/// <param name="Call">With its parameters and, of a method, its receiver: <c>address.get_domain()</c>.</param>
/// <param name="Others">Its names of 2.x and those before 1.2.</param>
/// <param name="Rows">Its <see cref="ApiRow.Function"/>; null: it is no function of the table.</param>
/// <param name="Tests"><c>Class.Method</c>, or <c>Project/Class.Method</c>.</param>
public sealed record ListedFunction(string Call, string[] Others, string? Rows, string[] Tests)
{
    /// <summary>All its names, without a receiver and parameters.</summary>
    public IEnumerable<string> Names => Others.Prepend(Call[(Call.IndexOf('.', StringComparison.Ordinal) + 1)..])
        .Select(name => name.Split('(')[0]);

    public int ParameterCount => Regex.Match(Call, @"\((.+)\)") is { Success: true } parameters ? parameters.Groups[1].Value.Split(", ").Length : 0;

    public static IEnumerable<ListedFunction> Read(string markdown) =>
        from line in markdown.Split('\n')
        let cells = line.Split(" | ")
        where cells.Length == 4 && line.StartsWith("| `", StringComparison.Ordinal)
        select new ListedFunction(Quoted(cells[0])[0], Quoted(cells[1]), Quoted(cells[2]).SingleOrDefault(), Quoted(cells[3]));

    public override string ToString() => Call;

    private static string[] Quoted(string cell) => [.. Regex.Matches(cell, "`([^`]+)`").Select(match => match.Groups[1].Value)];
}
