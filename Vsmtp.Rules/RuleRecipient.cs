using Vsmtp.Mail.Addresses;

namespace Vsmtp.Rules;

/// <summary>One recipient as rules see and change it.</summary>
public sealed class RuleRecipient(MailAddress address)
{
    public MailAddress Address { get; } = address;

    public RuleTransport Transport { get; set; }

    /// <summary>Of <see cref="RuleTransport.Forward"/>: domain, IP address, <c>ip:port</c>, <c>[ipv6]:port</c> or a URL; else null.</summary>
    public string? Target { get; set; }

    /// <summary>The caller's own; rules never touch it, and recipients that rules add have null.</summary>
    public object? Tag { get; init; }
}
