using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Vsmtp.Smtp.Replies;

namespace Vsmtp.Smtp.Client;

/// <summary>What a server announced in its reply to EHLO (RFC 5321 §4.1.1.1); nothing after HELO.</summary>
public sealed class SmtpCapabilities
{
    private readonly FrozenDictionary<string, string> _keywords;

    private SmtpCapabilities(IEnumerable<KeyValuePair<string, string>> keywords)
    {
        _keywords = keywords.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    public static SmtpCapabilities None { get; } = new([]);

    /// <summary>RFC 2920.</summary>
    public bool Pipelining => Has("PIPELINING");

    /// <summary>RFC 6152.</summary>
    public bool EightBitMime => Has("8BITMIME");

    /// <summary>RFC 6531.</summary>
    public bool SmtpUtf8 => Has("SMTPUTF8");

    /// <summary>RFC 3461.</summary>
    public bool Dsn => Has("DSN");

    /// <summary>RFC 1870.</summary>
    public bool Size => Has("SIZE");

    /// <summary>The largest message that the server takes, in octets; null when it gives no number or 0 (RFC 1870 §4).</summary>
    public long? MaxBytes =>
        long.TryParse(_keywords.GetValueOrDefault("SIZE"), NumberStyles.None, CultureInfo.InvariantCulture, out var max) && max > 0
            ? max
            : null;

    /// <summary>The attributes that the server wants to be told with XFORWARD (Postfix XFORWARD_README); empty: none.</summary>
    public ImmutableArray<string> XForward =>
        [.. _keywords.GetValueOrDefault("XFORWARD", "").Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>How a client may sign on (RFC 4954 §3).</summary>
    public ImmutableArray<string> AuthMechanisms =>
        [.. _keywords.GetValueOrDefault("AUTH", "").Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>A keyword was announced; letter case does not matter.</summary>
    public bool Has(string keyword) => _keywords.ContainsKey(keyword);

    /// <summary>Reads the lines behind the first; of a keyword that comes twice the last counts.</summary>
    internal static SmtpCapabilities Read(SmtpReply ehlo)
    {
        var keywords = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in ehlo.Lines.Skip(1))
        {
            var parts = line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (parts.Length > 0) keywords[parts[0]] = parts.Length > 1 ? parts[1] : "";
        }

        return new SmtpCapabilities(keywords);
    }
}
