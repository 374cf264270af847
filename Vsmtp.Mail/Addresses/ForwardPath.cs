using System.Diagnostics.CodeAnalysis;

namespace Vsmtp.Mail.Addresses;

/// <summary>Where a mail goes: an address, or <c>&lt;Postmaster&gt;</c> of whoever is asked (RFC 5321 §4.5.1).</summary>
/// <param name="Address">Null for <c>&lt;Postmaster&gt;</c> without a domain.</param>
public sealed record ForwardPath(MailAddress? Address)
{
    private const string PostmasterName = "postmaster";

    public static ForwardPath Postmaster { get; } = new((MailAddress?)null);

    [MemberNotNullWhen(false, nameof(Address))]
    public bool IsPostmaster => Address is null;

    public bool RequiresSmtpUtf8 => Address is { RequiresSmtpUtf8: true };

    /// <summary>
    /// Reads <c>&lt;local@domain&gt;</c> or, in any case, <c>&lt;Postmaster&gt;</c>; a source route is ignored.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out ForwardPath? path)
    {
        path = null;
        if (!PathSyntax.TryUnwrap(text, out var mailbox)) return false;
        if (mailbox.Equals(PostmasterName, StringComparison.OrdinalIgnoreCase))
        {
            path = Postmaster;
            return true;
        }

        if (!MailAddress.TryParse(mailbox, out var address)) return false;
        path = new ForwardPath(address);
        return true;
    }

    /// <summary>The address, with <paramref name="localDomain"/> for a postmaster without one.</summary>
    public MailAddress In(string localDomain) => Address ?? MailAddress.Parse($"{PostmasterName}@{localDomain}");

    /// <summary>As on the wire, with angle brackets.</summary>
    public override string ToString() => IsPostmaster ? "<Postmaster>" : $"<{Address}>";
}
