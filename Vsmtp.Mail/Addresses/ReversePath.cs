using System.Diagnostics.CodeAnalysis;

namespace Vsmtp.Mail.Addresses;

/// <summary>Where reports of failure go: an address, or nowhere (RFC 5321 §4.5.5).</summary>
/// <param name="Address">Null for the null path <c>&lt;&gt;</c>.</param>
public sealed record ReversePath(MailAddress? Address)
{
    /// <summary><c>&lt;&gt;</c>: the sender of notifications, which must not be answered.</summary>
    public static ReversePath Null { get; } = new((MailAddress?)null);

    [MemberNotNullWhen(false, nameof(Address))]
    public bool IsNull => Address is null;

    public bool RequiresSmtpUtf8 => Address is { RequiresSmtpUtf8: true };

    /// <summary>Reads <c>&lt;local@domain&gt;</c> or <c>&lt;&gt;</c>; a source route is ignored.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out ReversePath? path)
    {
        path = null;
        if (text is "<>")
        {
            path = Null;
            return true;
        }

        if (!PathSyntax.TryUnwrap(text, out var mailbox) || !MailAddress.TryParse(mailbox, out var address)) return false;
        path = new ReversePath(address);
        return true;
    }

    /// <summary>As on the wire, with angle brackets.</summary>
    public override string ToString() => $"<{Address}>";
}
