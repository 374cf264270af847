using System.Collections.Immutable;

namespace Vsmtp.Mail.Comparing;

/// <summary>The difference of two texts in the unified form, as <c>diff -u</c> prints it.</summary>
/// <remarks>Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), with a bound on D: time and memory are bounded too.</remarks>
public static class LineDiff
{
    private const int Context = 3;

    /// <summary>Lines that may differ.</summary>
    public const int MaxDifferences = 400;

    /// <returns>Hunks with their heads; empty when the texts are equal; null when more than <see cref="MaxDifferences"/> lines differ.</returns>
    public static ImmutableArray<string>? Unified(IReadOnlyList<string> before, IReadOnlyList<string> after) =>
        Edits(before, after) is { } edits ? Hunks(edits) : null;

    /// <summary>Each line with what becomes of it, in order.</summary>
    private static List<Line>? Edits(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var most = Math.Min(before.Count + after.Count, MaxDifferences);
        var (size, reach) = ((2 * most) + 3, most + 1);
        var furthest = new int[size];
        var trace = new List<int[]>();
        for (var d = 0; d <= most; d++)
        {
            trace.Add([.. furthest]);
            for (var k = -d; k <= d; k += 2)
            {
                var x = GoesDown(furthest, k, d, reach) ? furthest[reach + k + 1] : furthest[reach + k - 1] + 1;
                while (x < before.Count && x - k < after.Count && before[x] == after[x - k]) x++;
                furthest[reach + k] = x;
                if (x >= before.Count && x - k >= after.Count) return WalkBack(before, after, trace, reach);
            }
        }

        return null;
    }

    private static bool GoesDown(int[] furthest, int k, int d, int reach) =>
        k == -d || (k != d && furthest[reach + k - 1] < furthest[reach + k + 1]);

    private static List<Line> WalkBack(IReadOnlyList<string> before, IReadOnlyList<string> after, List<int[]> trace, int reach)
    {
        var lines = new List<Line>();
        var (x, y) = (before.Count, after.Count);
        for (var d = trace.Count - 1; d >= 0; d--)
        {
            var isDown = GoesDown(trace[d], x - y, d, reach);
            var k = isDown ? x - y + 1 : x - y - 1;
            var (startX, startY) = d == 0 ? (0, 0) : (trace[d][reach + k], trace[d][reach + k] - k);
            while (x > startX && y > startY) lines.Add(new Line(' ', before[--x], x, --y));
            if (d == 0) break;
            if (isDown) lines.Add(new Line('+', after[--y], x, y));
            else lines.Add(new Line('-', before[--x], x, y));
        }

        lines.Reverse();
        return lines;
    }

    private static ImmutableArray<string> Hunks(List<Line> lines)
    {
        var hunks = ImmutableArray.CreateBuilder<string>();
        var changes = lines.Index().Where(line => line.Item.Sign != ' ').Select(line => line.Index).ToList();
        for (var i = 0; i < changes.Count;)
        {
            var last = i;
            while (last + 1 < changes.Count && changes[last + 1] - changes[last] <= 2 * Context) last++;
            var from = Math.Max(0, changes[i] - Context);
            var hunk = lines[from..Math.Min(lines.Count, changes[last] + Context + 1)];
            hunks.Add($"@@ -{Range(hunk, '+', hunk[0].Before)} +{Range(hunk, '-', hunk[0].After)} @@");
            hunks.AddRange(hunk.Select(line => line.Sign + line.Text));
            i = last + 1;
        }

        return hunks.ToImmutable();
    }

    private static string Range(List<Line> hunk, char without, int start)
    {
        var count = hunk.Count(line => line.Sign != without);
        return $"{(count == 0 ? start : start + 1)},{count}";
    }

    /// <param name="Sign">Blank, <c>-</c> or <c>+</c>.</param>
    /// <param name="Before">Lines of the first text ahead of it.</param>
    /// <param name="After">Lines of the second text ahead of it.</param>
    private readonly record struct Line(char Sign, string Text, int Before, int After);
}
