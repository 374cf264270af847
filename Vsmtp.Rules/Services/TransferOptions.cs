using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vsmtp.Mail.Transfer;
using Vsmtp.Rules.Loading;
using Vsmtp.Rules.Running;

namespace Vsmtp.Rules.Services;

/// <summary>Reads how a service is spoken to: <c>protocol</c> of its delegator, <c>tls</c> and <c>tls_ca</c>.</summary>
/// <param name="state">Reads the file of <c>tls_ca</c>, whose text becomes part of the rule set.</param>
internal sealed class TransferOptions(string service, RuleState state, ServiceFindings findings)
{
    private static readonly Dictionary<string, TransferProtocol> Protocols = new()
    {
        ["smtp"] = TransferProtocol.Smtp,
        ["lmtp"] = TransferProtocol.Lmtp,
    };

    private static readonly Dictionary<string, TlsLevel> Levels = new()
    {
        ["none"] = TlsLevel.None,
        ["may"] = TlsLevel.May,
        ["encrypt"] = TlsLevel.Encrypt,
        ["verify"] = TlsLevel.Verify,
    };

    /// <summary>SMTP where the key is missing.</summary>
    public TransferProtocol Protocol(OptionReader? delegator) =>
        delegator is null ? TransferProtocol.Smtp : Word(delegator, "protocol", $"`delegator` of service `{service}`", Protocols);

    /// <summary>None where the key is missing.</summary>
    public TlsLevel Tls(OptionReader options) => Word(options, "tls", $"service `{service}`", Levels);

    /// <returns>The certificates in PEM; null where the key is missing, or there is a fault.</returns>
    public string? Authorities(OptionReader options, TlsLevel level)
    {
        if (options.Text("tls_ca") is not { } path) return null;
        if (level != TlsLevel.Verify) findings.Warnings.Add($"`tls_ca` of service `{service}` has no effect: its `tls` is not \"verify\"");
        var text = "";
        var fault = Path.IsPathFullyQualified(path)
            ? state.TryReadFile(path, out text) ? FaultOf(text) : text
            : "the path must be absolute";
        if (fault is null) return text;
        findings.Faults.Add($"`tls_ca` of service `{service}`: `{path}`: {fault}");
        return null;
    }

    private T Word<T>(OptionReader options, string key, string owner, Dictionary<string, T> words)
        where T : struct
    {
        if (options.Text(key) is not { } word) return default;
        if (words.TryGetValue(word, out var meant)) return meant;
        findings.Faults.Add($"`{key}` of {owner} is one of {string.Join(", ", words.Keys)}, not `{word}`{DidYouMean.Hint(word, words.Keys)}");
        return default;
    }

    private static string? FaultOf(string pem)
    {
        // The text goes into the store with the rules, and to every process that uses them.
        if (pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal)) return "there is a private key in it, which does not belong there";
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
            return certificates.Count == 0 ? "there is no certificate in it" : null;
        }
        catch (CryptographicException)
        {
            return "it is no valid PEM file";
        }
        finally
        {
            foreach (var certificate in certificates) certificate.Dispose();
        }
    }
}
