using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Vsmtp.Dns.Names;

/// <summary>A domain name as DNS carries it: at most 255 octets in labels of 1 to 63 (RFC 1035 §3.1); always absolute.</summary>
/// <remarks>
/// Two names are equal if they differ in nothing but the case of ASCII letters (RFC 4343 §3); the case that was given is kept.
/// Labels may have any octet (RFC 2181 §11), as names in answers do.
/// </remarks>
public sealed class DnsName : IEquatable<DnsName>
{
    /// <summary>Longest label, in octets (RFC 1035 §2.3.4).</summary>
    public const int MaxLabelBytes = 63;

    /// <summary>Longest name, in octets, with the length octet of each label and the empty label of the root (RFC 1035 §2.3.4).</summary>
    public const int MaxBytes = 255;

    private readonly byte[] _wire;
    private readonly int _hash;
    private string? _text;

    internal DnsName(ReadOnlySpan<byte> wire)
    {
        _wire = wire.ToArray();
        var hash = new HashCode();
        foreach (var octet in _wire) hash.Add(ToLower(octet));
        _hash = hash.ToHashCode();
    }

    /// <summary>The root: no label.</summary>
    public static DnsName Root { get; } = new([0]);

    public bool IsRoot => _wire.Length == 1;

    /// <summary>The name without compression: labels behind their length octets, and the root's 0 (RFC 1035 §3.1).</summary>
    public ReadOnlySpan<byte> Wire => _wire;

    /// <summary>Reads a name as people write it.</summary>
    /// <param name="text">
    /// Labels between dots, with or without the last dot; "." is the root. Labels that are not ASCII become A-labels
    /// (see <see cref="IdnLabel"/>). A backslash stands before a dot, a backslash or three decimal digits (RFC 1035 §5.1).
    /// </param>
    /// <param name="name">The name; null if false.</param>
    /// <returns>False for what DNS cannot carry: empty or overlong labels, an overlong name, spaces and controls.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out DnsName? name) => DnsNameParser.TryParse(text, out name);

    /// <exception cref="FormatException"><see cref="TryParse"/> says false.</exception>
    public static DnsName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"\"{text}\" is no domain name.");

    /// <summary>Puts labels before the name, as in <c>_25._tcp.mail.example</c> (RFC 6698 §3).</summary>
    /// <returns>False if the whole would be longer than <see cref="MaxBytes"/>.</returns>
    public bool TryPrepend(DnsName labels, [NotNullWhen(true)] out DnsName? name)
    {
        ReadOnlySpan<byte> front = labels._wire.AsSpan(0, labels._wire.Length - 1);
        name = front.Length + _wire.Length <= MaxBytes ? new DnsName([.. front, .. _wire]) : null;
        return name is not null;
    }

    /// <summary>Whether the name is <paramref name="ancestor"/> or stands below it; all names are within the root.</summary>
    public bool IsWithin(DnsName ancestor)
    {
        var position = 0;
        while (_wire.Length - position > ancestor._wire.Length) position += _wire[position] + 1;
        return EqualIgnoringCase(_wire.AsSpan(position), ancestor._wire);
    }

    public bool Equals(DnsName? other) => other is not null && _hash == other._hash && EqualIgnoringCase(_wire, other._wire);

    public override bool Equals(object? obj) => Equals(obj as DnsName);

    public override int GetHashCode() => _hash;

    /// <summary>The labels between dots, without the last dot, escaped as RFC 1035 §5.1 says; "." for the root.</summary>
    public override string ToString() => _text ??= ToText();

    private string ToText()
    {
        if (IsRoot) return ".";
        var text = new StringBuilder(_wire.Length);
        for (var position = 0; _wire[position] != 0; position += _wire[position] + 1)
        {
            if (position > 0) text.Append('.');
            foreach (var octet in _wire.AsSpan(position + 1, _wire[position])) AppendOctet(text, octet);
        }

        return text.ToString();
    }

    private static void AppendOctet(StringBuilder text, byte octet)
    {
        if (octet is (byte)'.' or (byte)'\\') text.Append('\\').Append((char)octet);
        else if (octet is > 0x20 and < 0x7F) text.Append((char)octet);
        else text.Append('\\').Append(octet.ToString("D3"));
    }

    // The length octets are below 'A' (0x41), so they can be compared as the letters are.
    private static bool EqualIgnoringCase(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length) return false;
        for (var i = 0; i < left.Length; i++)
        {
            if (left[i] != right[i] && ToLower(left[i]) != ToLower(right[i])) return false;
        }

        return true;
    }

    private static byte ToLower(byte octet) => octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet | 0x20) : octet;
}
