using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Vsmtp.Mail.Text;

namespace Vsmtp.Mail.Delegation;

/// <summary>What a service must bring back for a sleeping mail to go on: the mail's id and a secret of one attempt.</summary>
/// <remarks>Only <see cref="Hash"/> is stored. To print a ticket prints no secret.</remarks>
public sealed class DelegationTicket
{
    /// <summary>Longest mail id: a ticket must fit into an ENVID of 100 characters (RFC 3461 §4.4).</summary>
    public const int MaxMailIdLength = 48;

    private const int SecretLength = 40;

    private static readonly SearchValues<char> SecretCharacters = SearchValues.Create("0123456789abcdef");

    private DelegationTicket(string mailId, string secret)
    {
        MailId = mailId;
        Text = $"{mailId}.{secret}";
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Text)));
    }

    public string MailId { get; }

    /// <summary>
    /// <c>MAILID.SECRET</c>, the secret being 160 random bits in lower-case hexadecimal. For the wire, not for logs.
    /// </summary>
    public string Text { get; }

    /// <summary>SHA-256 of <see cref="Text"/>, 64 lower-case hexadecimal digits.</summary>
    public string Hash { get; }

    /// <exception cref="ArgumentException">The id is empty, too long, or has more than ASCII letters, digits, <c>-</c> and
    /// <c>_</c>.</exception>
    public static DelegationTicket Create(string mailId)
    {
        if (!IsMailId(mailId)) throw new ArgumentException($"'{mailId}' cannot be a mail id in a ticket.", nameof(mailId));
        return new DelegationTicket(mailId, RandomNumberGenerator.GetHexString(SecretLength, lowercase: true));
    }

    /// <summary>Reads <see cref="Text"/>. Says nothing of whether the ticket is live.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out DelegationTicket? ticket)
    {
        ticket = null;
        var dot = text.LastIndexOf('.');
        if (dot < 0 || !IsMailId(text[..dot])) return false;
        var secret = text[(dot + 1)..];
        if (secret.Length != SecretLength || secret.ContainsAnyExcept(SecretCharacters)) return false;
        ticket = new DelegationTicket(text[..dot].ToString(), secret.ToString());
        return true;
    }

    /// <summary>
    /// The ticket as the value of MAIL's ENVID, in xtext (RFC 3461 §4.4): it passes a filter that wraps the mail.
    /// </summary>
    public string ToEnvid() => XText.Encode(Text);

    /// <summary>Reads the value of an ENVID, still in xtext.</summary>
    public static bool TryParseEnvid(ReadOnlySpan<char> envid, [NotNullWhen(true)] out DelegationTicket? ticket)
    {
        ticket = null;
        return XText.TryDecode(envid, out var text) && TryParse(text, out ticket);
    }

    /// <summary>Compares with a stored hash, in a time that tells nothing about it.</summary>
    public bool Matches(string storedHash) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash), Encoding.UTF8.GetBytes(storedHash));

    public override string ToString() => $"{MailId}.(secret)";

    internal static bool IsMailId(ReadOnlySpan<char> id)
    {
        if (id.Length is 0 or > MaxMailIdLength) return false;
        foreach (var c in id)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')) return false;
        }

        return true;
    }
}
