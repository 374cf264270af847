using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using Vsmtp.Mail.Addresses;
using Vsmtp.Mail.Text;

namespace Vsmtp.Smtp.Commands;

/// <summary>Reads and writes XFORWARD (Postfix XFORWARD_README): <c>NAME=xtext</c>, any number of them.</summary>
internal static class XForwardSyntax
{
    /// <summary>The attributes, in the order in which they are written.</summary>
    public const string Keywords = "NAME ADDR PORT PROTO HELO IDENT SOURCE";

    private const string Verb = "XFORWARD";
    private const string Unavailable = "[UNAVAILABLE]";
    private const string Local = "LOCAL";
    private const string Remote = "REMOTE";

    /// <summary>XFORWARD_README, note 1: of a value as it is written.</summary>
    private const int MaxValueLength = 255;
    private const int MaxProtocolLength = 64;
    private const int MaxPortDigits = 5;
    private const int MaxLineLength = SmtpCommandLimits.Command - 2;

    /// <summary>What a value may be made of: ASCII, but no blank and nothing that is special in headers.</summary>
    private static readonly SearchValues<char> ValueCharacters =
        SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Except("()<>@,;\\\"")]);

    /// <summary>Reads what follows the verb. Of an attribute that comes twice the last counts, as with Postfix.</summary>
    /// <param name="earlier">What commands before this one have told of the same mail; what this one does not name stays.</param>
    /// <returns>Null for an attribute that there is not, and a value that it cannot have.</returns>
    public static XForwardAttributes? Read(string text, XForwardAttributes? earlier = null)
    {
        var words = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var read = words.Length == 0 ? null : earlier ?? new XForwardAttributes();
        foreach (var word in words)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || !TryReadValue(word[(equals + 1)..], out var value)) return null;
            read = With(read!, word[..equals].ToUpperInvariant(), value);
            if (read is null) return null;
        }

        return read;
    }

    /// <summary>The commands, without CRLF, that tell all of <paramref name="attributes"/> that the server wants to know.</summary>
    /// <param name="announced">The attributes behind the keyword in the answer to EHLO.</param>
    public static IEnumerable<string> Write(XForwardAttributes attributes, IReadOnlyCollection<string> announced)
    {
        var line = new StringBuilder(Verb);
        foreach (var keyword in Keywords.Split(' ').Where(keyword => announced.Contains(keyword, StringComparer.OrdinalIgnoreCase)))
        {
            var word = $" {keyword}={Encode(TextOf(attributes, keyword))}";
            // RFC 5321 §4.5.3.1.4; XFORWARD_README, note 2.
            if (line.Length + word.Length > MaxLineLength)
            {
                yield return line.ToString();
                line = new StringBuilder(Verb);
            }

            line.Append(word);
        }

        if (line.Length > Verb.Length) yield return line.ToString();
    }

    /// <param name="value">Null: not available.</param>
    internal static bool TryReadValue(string encoded, out string? value)
    {
        if (encoded.Length is 0 or > MaxValueLength || !XText.TryDecode(encoded, out value) || !IsValue(value))
        {
            value = null;
            return false;
        }

        if (IsUnavailable(value)) value = null;
        return true;
    }

    internal static bool IsUnavailable(string value) => value.Equals(Unavailable, StringComparison.OrdinalIgnoreCase);

    private static XForwardAttributes? With(XForwardAttributes read, string keyword, string? value) => keyword switch
    {
        "NAME" => read with { Name = value },
        "ADDR" when value is null => read with { Address = null },
        "ADDR" => AddressLiteral.TryParse($"[{value}]", out var address) ? read with { Address = address } : null,
        "PORT" when value is null => read with { Port = null },
        "PORT" => ReadPort(value) is { } port ? read with { Port = port } : null,
        "PROTO" => value?.Length > MaxProtocolLength ? null : read with { Protocol = value },
        "HELO" => read with { Helo = value },
        "IDENT" => read with { Identity = value },
        "SOURCE" => value?.ToUpperInvariant() switch
        {
            null => read with { IsLocal = null },
            Local => read with { IsLocal = true },
            Remote => read with { IsLocal = false },
            _ => null,
        },
        _ => null,
    };

    internal static int? ReadPort(string digits) =>
        digits.Length <= MaxPortDigits && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        && port <= IPEndPoint.MaxPort ? port : null;

    private static string? TextOf(XForwardAttributes attributes, string keyword) => keyword switch
    {
        "NAME" => attributes.Name,
        "ADDR" => attributes.Address is { } address ? TextOf(address) : null,
        "PORT" => attributes.Port?.ToString(CultureInfo.InvariantCulture),
        "PROTO" => attributes.Protocol?.Length > MaxProtocolLength ? null : attributes.Protocol,
        "HELO" => attributes.Helo,
        "IDENT" => attributes.Identity,
        _ => attributes.IsLocal is { } isLocal ? (isLocal ? Local : Remote) : null,
    };

    /// <summary>Without brackets, and with the tag of IPv6 in capitals.</summary>
    private static string TextOf(IPAddress address) =>
        AddressLiteral.Format(address)[1..^1].Replace("IPv6:", "IPV6:", StringComparison.Ordinal);

    /// <summary>A client may call itself by a name that no value can hold; that is then not available.</summary>
    private static string Encode(string? value)
    {
        if (value is null || !IsValue(value)) return Unavailable;
        var encoded = XText.Encode(value);
        return encoded.Length > MaxValueLength ? Unavailable : encoded;
    }

    private static bool IsValue(string value) => value.Length > 0 && !value.AsSpan().ContainsAnyExcept(ValueCharacters);
}
