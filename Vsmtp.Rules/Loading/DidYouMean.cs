using Vsmtp.Vsl;

namespace Vsmtp.Rules.Loading;

/// <summary>What a writer may have meant, behind a message.</summary>
internal static class DidYouMean
{
    /// <returns><c> (did you mean `x`?)</c>, or empty when nothing is near.</returns>
    public static string Hint(string written, IEnumerable<string> known) =>
        Suggestion.Nearest(written, known) is { } nearest ? $" (did you mean `{nearest}`?)" : "";
}
