using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Vsmtp.Delivery.Work;
using Vsmtp.Dns;
using Vsmtp.Mail.Transfer;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Delivery.TlsPolicies;

/// <summary>
/// Fetches policies over HTTPS (RFC 8461 §3.3): from the addresses that our resolver gives, from nobody else, and nothing without end.
/// </summary>
/// <param name="port">443.</param>
/// <param name="authorities">As <see cref="SmtpTls"/> has them.</param>
internal sealed class StsPolicyHost(int port, string? authorities, TimeProvider time)
{
    private const string Path = "/.well-known/mta-sts.txt";
    private const int MaxPolicyBytes = 64 * 1024;
    private const int MaxHeaderKilobytes = 16;
    private const int MaxAddresses = 5;

    /// <summary>Of one fetch in all.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>An address that swallows our packets must not use up the time of the next.</summary>
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    /// <param name="domain">A-labels in lower case.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<StsPolicyAnswer> FetchAsync(string domain, IDnsResolver resolver, CancellationToken cancellationToken)
    {
        var host = $"mta-sts.{domain}";
        if (!Uri.TryCreate($"https://{host}:{port}{Path}", UriKind.Absolute, out var url) || url.Host != host)
        {
            return new StsPolicyAnswer.Failed($"{host} is no name of a web server");
        }

        // RFC 8461 §3.3: as of the servers that it speaks for, a certificate for its name.
        using var handshake = new SmtpTlsHandshake(new SmtpTls(TlsLevel.Verify, authorities) { NeedsAlternativeName = true }, host);
        using var timer = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await AskAsync(url, handshake, resolver, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(url, $"there was no whole answer within {Limit.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return Failed(url, handshake.Fault ?? Innermost(e));
        }
    }

    private static async Task<StsPolicyAnswer> AskAsync(
        Uri url, SmtpTlsHandshake handshake, IDnsResolver resolver, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,                         // RFC 8461 §3.3: MUST NOT be followed
            UseProxy = false,
            UseCookies = false,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            MaxResponseDrainSize = 0,
            ActivityHeadersPropagator = null,
            SslOptions = handshake.Options,
            ConnectCallback = async (connection, token) => await ConnectAsync(connection.DnsEndPoint, resolver, token).ConfigureAwait(false),
        });
        client.Timeout = Timeout.InfiniteTimeSpan;             // ours is in the token
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { { "User-Agent", "vsmtp" } } };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is not HttpStatusCode.OK) return Failed(url, $"the answer is {(int)response.StatusCode}, not 200");
        if (response.Content.Headers.ContentType?.MediaType?.Equals("text/plain", StringComparison.OrdinalIgnoreCase) is not true)
        {
            return Failed(url, $"the answer is {response.Content.Headers.ContentType?.MediaType ?? "of no media type"}, not text/plain");
        }

        return await ReadAsync(url, response.Content, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<StsPolicyAnswer> ReadAsync(Uri url, HttpContent content, CancellationToken cancellationToken)
    {
        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = stream.ConfigureAwait(false);
        var buffer = new byte[MaxPolicyBytes + 1];
        var count = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (count > MaxPolicyBytes) return Failed(url, $"the answer has more than {MaxPolicyBytes} octets");
        return StsPolicyText.TryParse(buffer.AsSpan(0, count), out var policy, out var fault)
            ? new StsPolicyAnswer.Fetched(policy) : Failed(url, fault);
    }

    private static async Task<Stream> ConnectAsync(DnsEndPoint place, IDnsResolver resolver, CancellationToken cancellationToken)
    {
        var addresses = await resolver.LookupAddressesAsync(place.Host, cancellationToken).ConfigureAwait(false) switch
        {
            DnsLookup<IPAddress>.Found found => found.Values,
            DnsLookup<IPAddress>.FailedForNow failed => throw new IOException($"its addresses could not be looked up: {failed.Detail}"),
            _ => throw new IOException("it has no address"),
        };
        Exception? last = null;
        foreach (var address in addresses.Take(MaxAddresses))
        {
            using var share = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            share.CancelAfter(ConnectLimit);
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, place.Port), share.Token).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception e) when (e is SocketException || !cancellationToken.IsCancellationRequested)
            {
                socket.Dispose();
                last = e;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw new IOException(last is SocketException ? last.Message : $"no connection within {ConnectLimit.TotalSeconds:0} s", last);
    }

    private static StsPolicyAnswer.Failed Failed(Uri url, string why) => new(Wording.Clean($"{url}: {why}"));

    /// <summary>What went wrong in the end: the outer words speak of SSL and tell to look at the inner ones.</summary>
    private static string Innermost(Exception e)
    {
        while (e.InnerException is HttpRequestException or IOException or AuthenticationException or SocketException) e = e.InnerException;
        return e.Message;
    }
}
