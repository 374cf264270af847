using Vsmtp.Mail.Addresses;

namespace Vsmtp.Rules.Files;

/// <summary>The machine's public suffix list, kept up to date by its packages; read once per process, when first asked for.</summary>
/// <remarks>None is built in: one of the program's own would age, and has another licence (MPL-2.0).</remarks>
internal static class SuffixFile
{
    public const string SystemPath = "/usr/share/publicsuffix/public_suffix_list.dat";

    private static PublicSuffixList? _list;

    /// <exception cref="IOException">There is none; it is looked for again at the next call.</exception>
    public static async ValueTask<PublicSuffixList> ReadAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _list) is { } known) return known;
        var list = PublicSuffixList.Parse(await File.ReadAllLinesAsync(SystemPath, cancellationToken).ConfigureAwait(false));
        Volatile.Write(ref _list, list);
        return list;
    }
}
