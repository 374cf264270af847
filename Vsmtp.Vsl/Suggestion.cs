namespace Vsmtp.Vsl;

/// <summary>Finds what a writer may have meant.</summary>
public static class Suggestion
{
    /// <returns>The nearest of <paramref name="names"/>; null when none is near.</returns>
    public static string? Nearest(string word, IEnumerable<string> names)
    {
        // Every other short name would be near a short name.
        if (word.Length < 3) return null;
        var reach = Math.Max(1, word.Length / 3);
        return names.Distinct()
            .Where(n => n != word && Math.Abs(n.Length - word.Length) <= reach)
            .Select(n => (Name: n, Distance: Distance(word.ToLowerInvariant(), n.ToLowerInvariant())))
            .Where(n => n.Distance <= reach)
            .OrderBy(n => n.Distance).ThenBy(n => n.Name, StringComparer.Ordinal)
            .Select(n => n.Name)
            .FirstOrDefault();
    }

    /// <summary>Edits between two words; two neighbours exchanged count as one.</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(change, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[a.Length, b.Length];
    }
}
