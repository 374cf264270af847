using System.Buffers;

namespace Vsmtp.Delivery.TlsPolicies;

/// <summary>What <c>_mta-sts.DOMAIN</c> says: there is a policy, and which (RFC 8461 §3.1).</summary>
/// <param name="Id">1 to 32 letters and digits; another one says that the policy has changed.</param>
internal sealed record StsRecord(string Id)
{
    private const string Mark = "v=STSv1;";
    private const int MaxIdLength = 32;

    private static readonly SearchValues<char> LettersAndDigits =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <param name="texts">All texts of the name, each with its strings joined.</param>
    /// <returns>Null when there is none that counts: none at all, more than one, or one that breaks the syntax.</returns>
    public static StsRecord? Find(IEnumerable<string> texts) =>
        texts.Where(static text => text.StartsWith(Mark, StringComparison.Ordinal)).Take(2).ToList() is [var only] ? Read(only) : null;

    private static StsRecord? Read(string text)
    {
        string? id = null;
        var fields = text[Mark.Length..].Split(';');
        for (var i = 0; i < fields.Length; i++)
        {
            var field = fields[i].Trim(' ', '\t');
            if (field.Length == 0 && i == fields.Length - 1) break;            // the last semicolon ends, and separates nothing
            if (field.IndexOf('=', StringComparison.Ordinal) is not (> 0 and var equals)) return null;
            if (field[..equals] == "id") id ??= field[(equals + 1)..];         // of fields that come twice the first holds (§3.1)
        }

        return id is { Length: >= 1 and <= MaxIdLength } && !id.AsSpan().ContainsAnyExcept(LettersAndDigits) ? new StsRecord(id) : null;
    }
}
