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
            HandshakeTimeout = tls.Duration("handshake_timeout", TimeSpan.FromSeconds(1)),
            ProtocolVersion = ReadVersions(tls),
            CipherSuite = tls.List<TlsCipherSuite>("cipher_suite", TlsCipherSuites.Default, TlsCipherSuites.TryParse,
                $"one of {string.Join(", ", TlsCipherSuites.Default)}"),
            Certificate = certificate,
            PrivateKey = privateKey,
        };
        if (options.CipherSuite.IsEmpty)
        {
            tls.Error("cipher_suite", "must name at least one cipher suite");
        }

        tls.Close();
        return options;
    }

    public static VirtualTlsOptions? ReadVirtual(TableReader tls)
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
            SenderSecurityLevel = ReadLevel(tls, "sender_security_level", new TlsSecurityLevel.Encrypt()),
        };
        tls.Close();
        return options;
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
