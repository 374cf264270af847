using Vsmtp.Dns.Cache;
using Vsmtp.Dns.Hosts;
using Vsmtp.Dns.Messages;
using Vsmtp.Dns.Names;
using Vsmtp.Dns.Resolving;
using Vsmtp.Dns.Transport;

namespace Vsmtp.Dns;

/// <summary>A stub resolver (RFC 1034 §5.3.1): the hosts file, then what it still knows, then the servers.</summary>
/// <remarks>Any number of callers at a time. Disposing of it cancels what is asked, and waits until it has ended.</remarks>
public sealed class DnsResolver : IDnsResolver, IAsyncDisposable
{
    private readonly HostsFile? _hosts;
    private readonly AnswerCache _cache;
    private readonly OpenQuestions _open;
    private readonly ServerRounds _servers;
    private readonly CancellationTokenSource _ending = new();
    private int _isDisposed;

    /// <param name="options">Read once; changes take a new resolver.</param>
    /// <param name="time">Clock of time-outs and of what is kept; null: the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of <paramref name="options"/> is too small.</exception>
    public DnsResolver(DnsResolverOptions options, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        AddressOrder = options.AddressOrder;
        _hosts = options.UseHostsFile ? new HostsFile(options.HostsFile) : null;
        _cache = new AnswerCache(options.CacheSize, time);
        _open = new OpenQuestions(AskServersAsync);
        _servers = new ServerRounds(options, time);
    }

    public DnsAddressOrder AddressOrder { get; }

    public ValueTask<DnsAnswer> QueryAsync(DnsName name, DnsType type, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        var question = new DnsQuestion(name, type);
        if (_hosts?.Answer(question) is { } local) return new ValueTask<DnsAnswer>(local);
        return _cache.TryGet(question, out var kept)
            ? new ValueTask<DnsAnswer>(kept!) : new ValueTask<DnsAnswer>(_open.AskAsync(question, cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        await _ending.CancelAsync().ConfigureAwait(false);
        await _open.DrainAsync().ConfigureAwait(false);
        _servers.Dispose();
        _ending.Dispose();
    }

    private async Task<DnsAnswer> AskServersAsync(DnsQuestion question)
    {
        var chain = new CnameChain(question);
        DnsAnswer? answer = null;
        while (answer is null)
        {
            var reply = await _servers.AskAsync(chain.Next, _ending.Token).ConfigureAwait(false);
            answer = reply is ServerReply.Answered answered ? chain.Follow(answered) : chain.Failed(((ServerReply.Failed)reply).Why);
        }

        // Before the question is closed: who comes later finds one or the other.
        _cache.Add(question, answer);
        return answer;
    }
}
