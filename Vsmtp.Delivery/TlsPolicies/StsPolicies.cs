using Microsoft.Extensions.Logging;
using Orleans;
using Vsmtp.Contracts.TlsPolicies;
using Vsmtp.Delivery.Exchanges;
using Vsmtp.Dns;
using Vsmtp.Dns.Names;
using Vsmtp.Mail.Transfer;

namespace Vsmtp.Delivery.TlsPolicies;

/// <summary>Knows what domains demand by MTA-STS (RFC 8461): what is kept, whether DNS speaks of something newer, and fetches that.</summary>
/// <remarks>
/// Any number of callers at a time; those of one domain share one renewal, which goes on when they give up. A policy holds until its time
/// is over, whatever DNS and its host say meanwhile (§3.3): who stands in between can make both say nothing.
/// </remarks>
internal sealed partial class StsPolicies : IAsyncDisposable
{
    /// <summary>Renewals that one delivery waits for: two answers of DNS at odds must not keep it waiting.</summary>
    private const int MaxRenewals = 3;

    /// <summary>Renewals under way beyond which none is begun that no delivery waits for; those that wait are bounded by the deliveries.</summary>
    private const int MaxOpen = 32;

    private static readonly DnsName RecordLabel = DnsName.Parse("_mta-sts");

    private readonly IGrainFactory _grains;
    private readonly DnsResolvers _resolvers;
    private readonly StsPolicyHost _host;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly StsDomains _domains;
    private readonly DestinationTls _site;
    private readonly string? _authorities;
    private readonly Dictionary<StsDomain, Task> _renewals = [];
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _ending = new();
    private int _isDisposed;

    public StsPolicies(IGrainFactory grains, DnsResolvers resolvers, DeliveryOptions options, TimeProvider time, ILogger log)
    {
        (_grains, _resolvers, _time, _log) = (grains, resolvers, time, log);
        _host = new StsPolicyHost(options.PolicyPort, options.WorldAuthorities, time);
        _domains = new StsDomains(options.MaxKnownPolicies);
        _site = options.Tls;
        _authorities = options.WorldAuthorities;
    }

    /// <summary>What a delivery to the domain must heed.</summary>
    /// <param name="domain">A name; an address literal has no policy.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled, or this is disposed of meanwhile.</exception>
    /// <exception cref="ObjectDisposedException">It was before.</exception>
    /// <remarks>What reading a kept policy throws comes through: not to know is not to have none.</remarks>
    public async Task<TlsDemand> DemandOfAsync(string domain, CancellationToken cancellationToken) =>
        TlsDemand.Of(DnsName.TryParse(domain.ToLowerInvariant(), out var name) ? name.ToString() : domain, _site, await FindAsync(domain, cancellationToken).ConfigureAwait(false), _authorities);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        await _ending.CancelAsync().ConfigureAwait(false);
        Task[] open;
        lock (_gate) open = [.. _renewals.Values];
        await Task.WhenAll(open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private async Task<TlsPolicy?> FindAsync(string domain, CancellationToken cancellationToken)
    {
        if (!DnsName.TryParse(domain.ToLowerInvariant(), out var name) || !name.TryPrepend(RecordLabel, out var recordName)) return null;
        var text = name.ToString();
        var known = _domains.Of(text);
        var resolver = _resolvers.Of(domain);
        var record = await resolver.LookupTxtAsync(recordName.ToString(), cancellationToken).ConfigureAwait(false) is DnsLookup<string>.Found found
            ? StsRecord.Find(found.Values) : null;
        // The renewal that was under way may be of another record.
        for (var tries = 0; tries < MaxRenewals && (!known.IsLoaded || known.IsBehind(record, _time.GetUtcNow())); tries++)
        {
            await Renew(text, known, record, resolver).WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        if (known.IsAgeing(record, _time.GetUtcNow())) _ = RefreshAsync(text, known, record, resolver);
        return known.Live(_time.GetUtcNow());
    }

    /// <summary>Renews a policy that holds: this delivery does not wait for it, and <see cref="_renewals"/> owns it.</summary>
    private async Task RefreshAsync(string domain, StsDomain known, StsRecord? record, IDnsResolver resolver)
    {
        lock (_gate)
        {
            if (_isDisposed != 0 || _renewals.Count >= MaxOpen) return;
        }

        try
        {
            await Renew(domain, known, record, resolver).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The process ends.
        }
        catch (Exception e)
        {
            LogNotKept(domain, e);
        }
    }

    /// <summary>The renewal of the domain that is under way, or a new one.</summary>
    private Task Renew(string domain, StsDomain known, StsRecord? record, IDnsResolver resolver)
    {
        lock (_gate)
        {
            if (_renewals.TryGetValue(known, out var open)) return open;
            ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
            var renewal = Task.Run(RunAsync, CancellationToken.None);
            _renewals.Add(known, renewal);
            return renewal;
        }

        async Task RunAsync()
        {
            try
            {
                await RenewAsync(domain, known, record, resolver).ConfigureAwait(false);
            }
            finally
            {
                lock (_gate) _renewals.Remove(known);
            }
        }
    }

    private async Task RenewAsync(string domain, StsDomain known, StsRecord? record, IDnsResolver resolver)
    {
        var grain = _grains.GetGrain<ITlsPolicyGrain>(ITlsPolicyGrain.KeyPrefix + domain);
        known.Adopt(await grain.Find().WaitAsync(_ending.Token).ConfigureAwait(false));    // another silo may have been quicker
        var now = _time.GetUtcNow();
        if (record is null || !(known.IsBehind(record, now) || known.IsAgeing(record, now))) return;
        switch (await _host.FetchAsync(domain, resolver, _ending.Token).ConfigureAwait(false))
        {
            case StsPolicyAnswer.Fetched fetched:
                await LearnAsync(domain, known, record, fetched.Policy, grain).ConfigureAwait(false);
                break;
            case StsPolicyAnswer.Failed failed:
                known.Pause(record, _time.GetUtcNow());
                var consequence = known.Live(now) is { } live ? $"the one fetched at {live.FetchedAt:u} holds on" : "mail goes as if there were none";
                LogNotFetched(domain, consequence, failed.Why);
                break;
        }
    }

    private async Task LearnAsync(string domain, StsDomain known, StsRecord record, StsPolicyText text, ITlsPolicyGrain grain)
    {
        var policy = new TlsPolicy
        {
            RecordId = record.Id, Mode = text.Mode, Hosts = text.Hosts, FetchedAt = _time.GetUtcNow(), MaxAge = text.MaxAge,
        };
        LogFetched(domain, policy.Mode, policy.MaxAge, string.Join(", ", policy.Hosts.Take(8)));
        known.Learn(policy, isDurable: false);
        // One that is over at once would be fetched for each mail.
        if (policy.EndsAt <= policy.FetchedAt) known.Pause(record, policy.FetchedAt);
        try
        {
            await grain.Keep(policy).WaitAsync(_ending.Token).ConfigureAwait(false);
            known.Learn(policy, isDurable: true);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            known.Pause(record, policy.FetchedAt);
            LogNotKept(domain, e);
        }
    }
}
