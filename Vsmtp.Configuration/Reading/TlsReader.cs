using System.Collections.Immutable;
using System.Net.Security;
using Vsmtp.Configuration.Options;
using Vsmtp.Configuration.Toml;

namespace Vsmtp.Configuration.Reading;

/// <summary>Reads <c>[server.tls]</c> and that of a virtual domain.</summary>
internal static class TlsReader
{
    private const string Mandatory = "it is mandatory in the table";

    public static TlsOptions? Read(TableReader tls)
    {
        if (!tls.IsGiven)
        {
            return null;
        }

        tls.Require(Mandatory, "security_level");
        var (certificate, privateKey) = ReadPair(tls);
        var options = new TlsOptions
        {
            SecurityLevel = ReadLevel(tls, "security_level", new TlsSecurityLevel.May()),
            PreemptCipherList = tls.Boolean("preempt_cipherlist", false),
            HandshakeTimeout = tls.Duration("handshake_timeout", TimeSpan.FromSeconds(10)),
            ProtocolVersion = ReadVersions(tls),
            CipherSuite = tls.List<TlsCipherSuite>("cipher_suite", TlsCipherSuites.Default, TlsCipherSuites.TryParse,
                $"one of {string.Join(", ", TlsCipherSuites.Default)}"),
            Certificate = certificate,
            PrivateKey = privateKey,
            Place = tls.PlaceOf("certificate"),
        };
        if (options.CipherSuite.IsEmpty)
        {
            tls.Error("cipher_suite", "must name at least one cipher suite");
        }
        else if (!tls.HasFault)
        {
            CheckVersions(tls, "cipher_suite", options.ProtocolVersion, options.CipherSuite);
        }

        if (options.SecurityLevel is TlsSecurityLevel.Dane)
        {
            tls.Idle("security_level");
        }

        if (tls.Find("preempt_cipherlist") is TomlBoolean { Value: false })
        {
            tls.Warning("preempt_cipherlist", "is false, and the server's order of cipher suites wins all the same: OpenSSL has no other way here");
        }

        tls.Close();
        return options;
    }

    /// <summary>Finds suites that nobody can ever have.</summary>
    /// <param name="tls">The table of <paramref name="server"/>.</param>
    public static void CheckUse(TableReader tls, TlsOptions? server, IEnumerable<VirtualTlsOptions?> domains)
    {
        // The default has suites of all versions.
        if (server is null || tls.HasFault || tls.Find("cipher_suite") is null)
        {
            return;
        }

        var versions = domains.OfType<VirtualTlsOptions>().SelectMany(domain => domain.ProtocolVersion).Concat(server.ProtocolVersion).ToHashSet();
        foreach (var suite in server.CipherSuite.Where(suite => !versions.Contains(TlsCipherSuites.VersionOf(suite))))
        {
            var version = TlsVersionName.Of(TlsCipherSuites.VersionOf(suite));
            tls.Error("cipher_suite", $"has {suite}, a suite of {version}, which no protocol_version allows");
        }
    }

    /// <param name="server">The table [server.tls]; null: there is none, or it has a fault.</param>
    public static VirtualTlsOptions? ReadVirtual(TableReader tls, TlsOptions? server)
    {
        if (!tls.IsGiven)
        {
            return null;
        }

        var (certificate, privateKey) = ReadPair(tls);
        var options = new VirtualTlsOptions
        {
            ProtocolVersion = ReadVersions(tls),
            Certificate = certificate,
            PrivateKey = privateKey,
            Place = tls.PlaceOf("certificate"),
            SenderSecurityLevel = ReadLevel(tls, "sender_security_level", new TlsSecurityLevel.Encrypt()),
        };
        if (server is null)
        {
            tls.Warning("certificate", "is shown to nobody without [server.tls]");
        }
        else if (!tls.HasFault)
        {
            CheckVersions(tls, "protocol_version", options.ProtocolVersion, server.CipherSuite);
        }

        if (options.SenderSecurityLevel is TlsSecurityLevel.Dane)
        {
            tls.Idle("sender_security_level");
        }

        tls.Close();
        return options;
    }

    /// <summary>A version without a suite is one that no client can be served with.</summary>
    /// <param name="key">Where the fault is told.</param>
    private static void CheckVersions(TableReader tls, string key, ImmutableArray<TlsVersion> versions, ImmutableArray<TlsCipherSuite> suites)
    {
        foreach (var version in versions.Where(version => suites.All(suite => TlsCipherSuites.VersionOf(suite) != version)))
        {
            var name = TlsVersionName.Of(version);
            tls.Error(key, key == "cipher_suite"
                ? $"has no suite of {name}, which {tls.NameOf("protocol_version")} allows"
                : $"allows {name}, of which server.tls.cipher_suite has no suite");
        }
    }

    private static (string Certificate, string PrivateKey) ReadPair(TableReader tls)
    {
        tls.Require(Mandatory, "protocol_version", "certificate", "private_key");
        var certificate = ReadFile(tls, "certificate", PemFile.FaultOfCertificate);
        var privateKey = ReadFile(tls, "private_key", PemFile.FaultOfPrivateKey);
        if (certificate is not null && privateKey is not null && !PemFile.IsPair(certificate, privateKey))
        {
            tls.Error("private_key", $"is not the key of {tls.NameOf("certificate")}");
        }

        return (certificate ?? "", privateKey ?? "");
    }

    private static string? ReadFile(TableReader tls, string key, Func<string, string?> faultOf)
    {
        var path = tls.FilePath(key, null);
        if (path is not null && faultOf(path) is { } fault)
        {
            tls.Error(key, $"names a file that {fault}");
            return null;
        }

        return path;
    }

    private static TlsSecurityLevel ReadLevel(TableReader tls, string key, TlsSecurityLevel absent)
    {
        if (tls.Find(key) is not TomlTable)
        {
            return tls.Parse(key, absent, TryParseLevel, "\"May\", \"Encrypt\" or { Dane = { port = N } }");
        }

        var level = tls.Table(key);
        level.Require("it is the only level that is a table", "Dane");
        var dane = level.Table("Dane");
        dane.Require("it is mandatory in the table", "port");
        var port = dane.Integer("port", 25, max: 65535);
        dane.Close();
        level.Close();
        return new TlsSecurityLevel.Dane(port);
    }

    private static bool TryParseLevel(string text, out TlsSecurityLevel level)
    {
        level = text == "Encrypt" ? new TlsSecurityLevel.Encrypt() : new TlsSecurityLevel.May();
        return text is "May" or "Encrypt";
    }

    private static ImmutableArray<TlsVersion> ReadVersions(TableReader tls)
    {
        const string single = "\"TLSv1.2\" or \"TLSv1.3\"";
        var versions = tls.Find("protocol_version") is TomlArray
            ? tls.List<TlsVersion>("protocol_version", [TlsVersion.Tls13], TlsVersionName.TryParse, single)
            : tls.Parse<ImmutableArray<TlsVersion>>("protocol_version", [TlsVersion.Tls13], TlsVersionName.TryParseRange,
                $"{single}, \">=TLSv1.2\", \"^TLSv1.2\", or an array of single versions");
        if (versions.IsEmpty)
        {
            tls.Error("protocol_version", "must name at least one version");
        }

        return [.. versions.Distinct().Order()];
    }
}
