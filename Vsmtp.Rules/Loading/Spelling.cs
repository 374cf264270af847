namespace Vsmtp.Rules.Loading;

/// <summary>"Did you mean …?"</summary>
internal static class Spelling
{
    /// <returns><c> (did you mean `x`?)</c>, or empty when nothing is near.</returns>
    public static string Hint(string written, IEnumerable<string> known) =>
        Closest(written, known) is { } closest ? $" (did you mean `{closest}`?)" : "";

    /// <summary>The known word that differs from the written one in at most a third of its letters; null: none.</summary>
    public static string? Closest(string written, IEnumerable<string> known)
    {
        var best = known
            .Select(word => (Word: word, Distance: Distance(written.ToLowerInvariant(), word.ToLowerInvariant())))
            .OrderBy(w => w.Distance)
            .FirstOrDefault();
        return best.Word is not null && best.Distance <= Math.Max(1, best.Word.Length / 3) ? best.Word : null;
    }

    /// <summary>Insertions, removals, replacements and swaps of neighbours (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[a.Length, b.Length];
    }
}
