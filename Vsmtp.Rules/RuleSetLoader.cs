namespace Vsmtp.Rules;

/// <summary>Compiles rule sets and finds everything that is wrong with them at once.</summary>
public static class RuleSetLoader
{
    /// <summary>Reads main script, imports and files of objects from disk.</summary>
    public static Task<RuleSetResult> LoadAsync(
        string mainPath, RuleSetOptions options, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Loads a stored set again: what is not among <paramref name="files"/> is missing, nothing is read from disk.</summary>
    /// <param name="mainPath">As in <see cref="RuleSet.MainPath"/>.</param>
    /// <param name="files">As in <see cref="RuleSet.Files"/>.</param>
    public static Task<RuleSetResult> LoadAsync(
        string mainPath, IReadOnlyDictionary<string, string> files, RuleSetOptions options, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
