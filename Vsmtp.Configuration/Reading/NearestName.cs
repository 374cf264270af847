namespace Vsmtp.Configuration.Reading;

/// <summary>Finds what someone who mistyped a name meant.</summary>
internal static class NearestName
{
    // A longer "name" is no slip of the pen, and the table grows with the product of the lengths.
    private const int MaxLength = 64;

    /// <returns>The nearest name; null: none is near enough to be meant.</returns>
    public static string? Find(string typed, IEnumerable<string> names)
    {
        if (typed.Length > MaxLength)
        {
            return null;
        }

        var (name, distance) = names
            .Select(n => (Name: n, Distance: Distance(typed.ToLowerInvariant(), n.ToLowerInvariant())))
            .DefaultIfEmpty((Name: "", Distance: int.MaxValue))
            .MinBy(c => c.Distance);
        var isPart = typed.Length >= 4 && name.Contains(typed, StringComparison.OrdinalIgnoreCase);
        return distance <= Math.Max(1, name.Length / 3) || isPart ? name : null;
    }

    // Insertions, deletions, substitutions and swaps of neighbours.
    private static int Distance(string a, string b)
    {
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                cost[i, j] = i == 0 ? j : j == 0 ? i : Math.Min(
                    Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1,
                    cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[a.Length, b.Length];
    }
}
