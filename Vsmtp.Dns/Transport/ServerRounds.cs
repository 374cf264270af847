using System.Collections.Immutable;
using System.Net;
using Vsmtp.Dns.Messages;

namespace Vsmtp.Dns.Transport;

/// <summary>Asks the servers in their order, as often as there are attempts, until one has an answer of use.</summary>
internal sealed class ServerRounds : IDisposable
{
    private readonly DnsResolverOptions _options;
    private readonly ImmutableArray<IPEndPoint> _servers;
    private readonly ServerExchange _exchange;
    private readonly SemaphoreSlim _places;
    private uint _asked;

    public ServerRounds(DnsResolverOptions options, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Attempts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxConcurrentRequests, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxOpenQuestions, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Timeout, TimeSpan.Zero);
        _options = options;
        _servers = options.Servers.IsDefaultOrEmpty ? [new IPEndPoint(IPAddress.Loopback, 53)] : options.Servers;
        _exchange = new ServerExchange(options.Timeout, options.Dnssec, time);
        _places = new SemaphoreSlim(options.MaxOpenQuestions);
    }

    /// <returns>The first answer of use; else what each server said, in the order in which they did.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<ServerReply> AskAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var said = new List<string>();
            var order = Order();
            for (var attempt = 0; attempt < _options.Attempts; attempt++)
            {
                foreach (var together in order.Chunk(_options.MaxConcurrentRequests))
                {
                    var answered = await AskTogetherAsync(together, question, said, cancellationToken).ConfigureAwait(false);
                    if (answered is not null) return answered;
                }
            }

            return new ServerReply.Failed(Words(said));
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();

    private IEnumerable<IPEndPoint> Order()
    {
        var first = _options.Rotate ? (int)((Interlocked.Increment(ref _asked) - 1) % (uint)_servers.Length) : 0;
        return _servers.Skip(first).Concat(_servers.Take(first));
    }

    private async Task<ServerReply.Answered?> AskTogetherAsync(
        IPEndPoint[] servers, DnsQuestion question, List<string> said, CancellationToken cancellationToken)
    {
        using var others = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asking = servers.Select(server => (Server: server, Reply: _exchange.AskAsync(server, question, others.Token))).ToList();
        try
        {
            while (asking.Count > 0)
            {
                await Task.WhenAny(asking.Select(one => one.Reply)).ConfigureAwait(false);
                foreach (var one in asking.Where(one => one.Reply.IsCompleted).ToList())
                {
                    asking.Remove(one);
                    var reply = await one.Reply.ConfigureAwait(false);
                    if (reply is ServerReply.Answered answered) return answered;
                    said.Add($"{one.Server}: {((ServerReply.Failed)reply).Why}");
                }
            }

            return null;
        }
        finally
        {
            // The slower ones are let go, and waited for: nothing is left running behind the answer.
            await others.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(asking.Select(Task (one) => one.Reply)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static string Words(List<string> said) => string.Join("; ",
        said.GroupBy(words => words).Select(same => same.Count() == 1 ? same.Key : $"{same.Key} ({same.Count()} times)"));
}
