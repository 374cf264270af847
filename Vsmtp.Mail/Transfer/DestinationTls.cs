using System.Collections.Immutable;

namespace Vsmtp.Mail.Transfer;

/// <summary>What a site asks of the TLS of domains' servers.</summary>
/// <param name="Level">At which level a session is good enough.</param>
/// <param name="Names">With <see cref="TlsLevel.Verify"/>, for whom the certificate must be; null: for the server's own name.</param>
public sealed record TlsRule(TlsLevel Level, CertificateNames? Names = null);

/// <summary>The same for each domain that mail goes to.</summary>
public sealed class DestinationTls
{
    /// <summary>TLS where it is offered.</summary>
    public static DestinationTls Opportunistic { get; } = new();

    /// <summary>For domains that are not named. Default: <see cref="TlsLevel.May"/>.</summary>
    public TlsLevel Default { get; init; } = TlsLevel.May;

    /// <summary>By domain in lower case, as A-labels; <c>.example.org</c> is for every domain below example.org. Default: none.</summary>
    public ImmutableSortedDictionary<string, TlsRule> Domains { get; init; } = ImmutableSortedDictionary.Create<string, TlsRule>(StringComparer.Ordinal);

    /// <summary>The rule of the domain itself, else that of the nearest domain above it.</summary>
    /// <param name="domain">As A-labels.</param>
    /// <returns>The rule, and the key of <see cref="Domains"/> that it stands under; null: it is the default.</returns>
    public (TlsRule Rule, string? Key) Find(string domain)
    {
        var key = domain.ToLowerInvariant();
        for (var dot = 0; dot >= 0; dot = key.IndexOf('.', 1))
        {
            key = key[dot..];
            if (Domains.TryGetValue(key, out var rule)) return (rule, key);
        }

        return (new TlsRule(Default), null);
    }
}
