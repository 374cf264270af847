using System.Collections.Frozen;
using System.Collections.Immutable;
using Vsmtp.Configuration;
using Vsmtp.Configuration.Options;
using Vsmtp.Smtp.Server;

namespace Vsmtp.Gateway.Certificates;

/// <summary>The site's certificates by the names that clients ask for.</summary>
/// <remarks>They can be read again while sessions run: handshakes that begin later have the new ones.</remarks>
public sealed class ServerCertificates
{
    private readonly ImmutableArray<CertificateFiles> _files;
    private readonly FrozenSet<string> _names;
    private readonly TimeProvider _time;
    private volatile FrozenDictionary<string, SmtpTlsTerms> _terms = FrozenDictionary<string, SmtpTlsTerms>.Empty;

    private ServerCertificates(ServerOptions server, TlsOptions tls, TimeProvider time)
    {
        _time = time;
        _files =
        [
            new CertificateFiles("server.tls", null, tls.Certificate, tls.PrivateKey, tls.ProtocolVersion, tls.CipherSuite, tls.Place),
            .. server.Virtual.Where(domain => domain.Value.Tls is not null).Select(domain => new CertificateFiles(
                $"server.virtual.\"{domain.Key}\".tls", domain.Key.ToLowerInvariant(), domain.Value.Tls!.Certificate, domain.Value.Tls.PrivateKey,
                domain.Value.Tls.ProtocolVersion, tls.CipherSuite, domain.Value.Tls.Place)),
        ];
        _names = server.Virtual.Keys.Append(server.Domain).Select(name => name.ToLowerInvariant()).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Null: the site has no TLS. Nothing is read yet.</summary>
    public static ServerCertificates? Of(ServerOptions server, TimeProvider time) =>
        server.Tls is { } tls ? new ServerCertificates(server, tls, time) : null;

    /// <summary>Reads all files. Of what has a fault the certificate read before stays in force.</summary>
    /// <returns>What was not read is an error, what has expired a warning; each names its file.</returns>
    public async Task<ImmutableArray<ConfigurationFault>> LoadAsync(CancellationToken cancellationToken)
    {
        var faults = ImmutableArray.CreateBuilder<ConfigurationFault>();
        var terms = new Dictionary<string, SmtpTlsTerms>(StringComparer.Ordinal);
        foreach (var file in _files)
        {
            var name = file.ServerName ?? "";
            try
            {
                terms.Add(name, await file.ReadAsync(cancellationToken).ConfigureAwait(false));
                if (ExpiryOf(terms[name]) is { } end && end < _time.GetUtcNow()) faults.Add(Expired(file, end));
            }
            catch (CertificateException fault)
            {
                faults.Add(ConfigurationFault.Error(fault.Message, file.Place));
                if (_terms.TryGetValue(name, out var before)) terms.Add(name, before);
            }
        }

        _terms = terms.ToFrozenDictionary(StringComparer.Ordinal);
        return faults.ToImmutable();
    }

    private static DateTimeOffset? ExpiryOf(SmtpTlsTerms terms) => terms.Options.ServerCertificateContext?.TargetCertificate.NotAfter;

    private static ConfigurationFault Expired(CertificateFiles file, DateTimeOffset end) => ConfigurationFault.Warning(
        $"{file.Key}: {file.Certificate} has expired on {end.UtcDateTime:yyyy-MM-dd}: clients that look at certificates do not come", file.Place);

    /// <summary>What a handshake is made with; a name without a certificate of its own, or none, has the server's.</summary>
    /// <param name="name">In lower-case ASCII; empty: none was given.</param>
    public SmtpTlsTerms TermsFor(string name)
    {
        var terms = _terms;
        if (terms.TryGetValue(name, out var own)) return own;
        return _names.Contains(name) ? terms[""] with { ServerName = name } : terms[""];
    }
}
