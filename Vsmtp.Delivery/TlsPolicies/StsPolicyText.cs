using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Vsmtp.Contracts.TlsPolicies;

namespace Vsmtp.Delivery.TlsPolicies;

/// <summary>What a policy host says (RFC 8461 §3.2).</summary>
/// <param name="Hosts">In lower case, with <c>*.</c> where the pattern has it; empty only with <see cref="TlsPolicyMode.None"/>.</param>
internal sealed record StsPolicyText(TlsPolicyMode Mode, TimeSpan MaxAge, ImmutableArray<string> Hosts)
{
    private const string Version = "STSv1";

    /// <summary>A year, beyond which no policy lasts.</summary>
    private const long MaxAgeSeconds = 31_557_600;

    /// <summary>Digits of <c>max_age</c>.</summary>
    private const int MaxAgeDigits = 10;

    /// <summary>Reads lines of <c>key: value</c>, ended with CRLF or LF. Unknown keys are passed over; of known ones the first holds.</summary>
    /// <param name="fault">Why it is no policy, in words; null if it is one.</param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out StsPolicyText? policy, [NotNullWhen(false)] out string? fault)
    {
        policy = null;
        string? version = null, mode = null, maxAge = null;
        var hosts = ImmutableArray.CreateBuilder<string>();
        var number = 0;
        var text = Encoding.UTF8.GetString(bytes).AsSpan();
        foreach (var range in text.Split('\n'))
        {
            number++;
            var line = text[range].TrimEnd("\r \t");
            if (line.IsEmpty) continue;
            if (line.IndexOf(':') is not (> 0 and var colon)) return Refuse($"line {number} is not \"key: value\"", out fault);
            var value = line[(colon + 1)..].TrimStart(" \t").ToString();
            switch (line[..colon])
            {
                case "version":
                    version ??= value;
                    break;
                case "mode":
                    mode ??= value;
                    break;
                case "max_age":
                    maxAge ??= value;
                    break;
                case "mx" when HostPattern.TryRead(value, out var host):
                    hosts.Add(host);
                    break;
                case "mx":
                    return Refuse($"line {number}: mx is neither a host name nor one behind \"*.\"", out fault);
            }
        }

        if (version != Version) return Refuse(version is null ? "it has no version" : "its version is not STSv1", out fault);
        if (!TryReadMode(mode, out var read)) return Refuse(mode is null ? "it has no mode" : "its mode is not enforce, testing or none", out fault);
        if (!TryReadMaxAge(maxAge, out var age)) return Refuse(maxAge is null ? "it has no max_age" : "its max_age is not 1 to 10 digits", out fault);
        if (hosts.Count == 0 && read != TlsPolicyMode.None) return Refuse("it has no mx", out fault);
        (policy, fault) = (new StsPolicyText(read, age, hosts.ToImmutable()), null);
        return true;
    }

    private static bool Refuse(string why, out string fault)
    {
        fault = why;
        return false;
    }

    private static bool TryReadMode(string? text, out TlsPolicyMode mode)
    {
        (var isKnown, mode) = text switch
        {
            "enforce" => (true, TlsPolicyMode.Enforce),
            "testing" => (true, TlsPolicyMode.Testing),
            "none" => (true, TlsPolicyMode.None),
            _ => (false, TlsPolicyMode.None),
        };
        return isKnown;
    }

    private static bool TryReadMaxAge(string? text, out TimeSpan age)
    {
        age = TimeSpan.Zero;
        if (text is not { Length: <= MaxAgeDigits }) return false;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return false;
        age = TimeSpan.FromSeconds(Math.Min(seconds, MaxAgeSeconds));
        return true;
    }
}
