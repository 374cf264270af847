using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using Vsmtp.Smtp.Wire;

namespace Vsmtp.Smtp.Server;

/// <summary>
/// A handshake of the server with itself, in memory: what OpenSSL and its policy make of certificate, key, versions and suites together is
/// not to be known otherwise.
/// </summary>
public static class TlsRehearsal
{
    /// <param name="version">One.</param>
    /// <returns>Null: a client that speaks this version can be served. Else what is wrong.</returns>
    [SuppressMessage("Security", "CA5359", Justification = "It talks to itself.")]
    public static async Task<string?> TryAsync(SmtpTlsTerms terms, SslProtocols version, CancellationToken cancellationToken)
    {
        var (toServer, toClient) = (new Pipe(), new Pipe());
        using var server = new TlsPipe(new Ends(toServer.Reader, toClient.Writer));
        using var client = new SslStream(new DuplexPipeStream(new Ends(toClient.Reader, toServer.Writer)));
        var accepting = AcceptAsync();
        try
        {
            await client.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { EnabledSslProtocols = version, RemoteCertificateValidationCallback = (_, _, _, _) => true },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is AuthenticationException or IOException)
        {
            await toServer.Writer.CompleteAsync().ConfigureAwait(false);
            return await accepting.ConfigureAwait(false) ?? ReasonOf(failed);
        }

        return await accepting.ConfigureAwait(false);

        async Task<string?> AcceptAsync()
        {
            try
            {
                await server.AcceptAsync((_, _, _, _) => ValueTask.FromResult(terms.Options), cancellationToken).ConfigureAwait(false);
                return null;
            }
            catch (Exception failed) when (failed is AuthenticationException or IOException or NotSupportedException)
            {
                await toClient.Writer.CompleteAsync().ConfigureAwait(false);
                return ReasonOf(failed);
            }
        }
    }

    /// <summary>The innermost words are OpenSSL's.</summary>
    private static string ReasonOf(Exception failed) => failed.GetBaseException().Message;

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
