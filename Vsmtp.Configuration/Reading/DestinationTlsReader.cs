using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Vsmtp.Configuration.Options;
using Vsmtp.Configuration.Toml;
using Vsmtp.Mail.Transfer;

namespace Vsmtp.Configuration.Reading;

/// <summary>Reads <c>[server.delivery.tls]</c>.</summary>
internal static class DestinationTlsReader
{
    public static DestinationTls Read(TableReader tls)
    {
        var options = new DestinationTls
        {
            Default = tls.Choice("default", TlsLevel.May, NameOf),
            Domains = ReadDomains(tls.Table("domains")),
        };
        tls.Close();
        return options;
    }

    /// <summary>A level in the file.</summary>
    public static string NameOf(TlsLevel level) => level.ToString().ToLowerInvariant();

    private static ImmutableSortedDictionary<string, TlsRule> ReadDomains(TableReader domains)
    {
        var rules = DestinationTls.Opportunistic.Domains.ToBuilder();
        foreach (var name in domains.Keys)
        {
            var rule = domains.Find(name) is TomlTable ? ReadRule(domains.Table(name)) : new TlsRule(domains.Choice(name, TlsLevel.May, NameOf));
            var domain = name.StartsWith('.') ? name[1..] : name;
            if (!DomainName.IsValid(domain) || IPAddress.TryParse(domain, out _))
            {
                domains.Error(name, $"must have the name of {ServerReader.DomainForm}, with a dot before it for all domains below it");
            }
            else if (!rules.TryAdd(name.ToLowerInvariant(), rule))
            {
                domains.Error(name, "is there twice, letter case apart");
            }
        }

        return rules.ToImmutable();
    }

    private static TlsRule ReadRule(TableReader rule)
    {
        rule.Require("it is mandatory in the table; the name of a domain stands in quotes", "level");
        var level = rule.Choice("level", TlsLevel.May, NameOf);
        var match = rule.List("match", ImmutableArray<string>.Empty, TryParseName,
            "a name that a certificate can have, with a dot before it for all names below it");
        if (rule.Find("match") is TomlArray { Items.Count: 0 })
        {
            rule.Error("match", "must name somebody");
        }
        else if (rule.Find("match") is not null && level != TlsLevel.Verify && !rule.HasFault)
        {
            rule.Error("match", $"is only for the level \"{NameOf(TlsLevel.Verify)}\": below it certificates are not judged");
        }

        rule.Close();
        return new TlsRule(level, match.IsEmpty ? null : new CertificateNames(match));
    }

    private static bool TryParseName(string text, [NotNullWhen(true)] out string? pattern) => CertificateNames.TryRead(text, out pattern);
}
