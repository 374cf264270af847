using Vsmtp.Dashboard.Api;

namespace Vsmtp.Cli.Queues;

/// <summary>Prints what services changed, for people. The server has escaped what could steer a terminal.</summary>
internal static class DiffPrinter
{
    public static void Print(TextWriter output, ApiDiff diff)
    {
        if (diff.Comparisons.IsEmpty) output.WriteLine($"{diff.Id}: no service has brought anything back.");
        foreach (var comparison in diff.Comparisons) Print(output, comparison);
    }

    private static void Print(TextWriter output, ApiComparison comparison)
    {
        output.WriteLine($"--- {comparison.Before}");
        output.WriteLine($"+++ {comparison.After}");
        foreach (var header in comparison.Headers)
        {
            output.WriteLine($"header {header.Change}: {header.Name}");
            foreach (var field in header.Before) output.WriteLine($"-{field}");
            foreach (var field in header.After) output.WriteLine($"+{field}");
        }

        if (comparison.HeadersLeftOut > 0) output.WriteLine($"and {comparison.HeadersLeftOut} headers more");
        if (comparison.Headers.IsEmpty) output.WriteLine("headers: the same");
        var body = comparison.Body;
        output.WriteLine(body.IsSame ? $"body: the same, {body.BytesAfter} octets" : $"body: {body.BytesBefore} octets before, {body.BytesAfter} after");
        foreach (var line in body.Lines) output.WriteLine(line);
        if (body.Note is not null) output.WriteLine($"({body.Note})");
    }
}
