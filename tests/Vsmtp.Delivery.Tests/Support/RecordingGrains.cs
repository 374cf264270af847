using System.Collections.Concurrent;
using System.Threading.Channels;
using Orleans;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.TlsPolicies;

namespace Vsmtp.Delivery.Tests.Support;

/// <summary>Stands where the mails' grains are and keeps what they are told. May refuse a number of calls first.</summary>
internal sealed class RecordingGrains(PaceHost? paces = null) : IGrainFactory
{
    private readonly Channel<(string MailId, object Report)> _reports = Channel.CreateUnbounded<(string, object)>();
    private readonly Lazy<PaceHost> _others = new(() => new PaceHost());   // to the end of the process: benches may share these grains
    private int _refusals;

    /// <summary>Calls that throw before one is taken.</summary>
    public int Refusals
    {
        get => Volatile.Read(ref _refusals);
        set => Volatile.Write(ref _refusals, value);
    }

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey => typeof(TGrainInterface) == typeof(IMailGrain)
            ? (TGrainInterface)(object)new MailGrain(this, primaryKey)
            : typeof(TGrainInterface) == typeof(ITlsPolicyGrain)
                ? (TGrainInterface)(object)new PolicyGrain(this, primaryKey)
                : (paces ?? _others.Value).Grains.GetGrain<TGrainInterface>(primaryKey);

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey => throw new NotSupportedException();

    public async Task<(string MailId, T Report)> NextAsync<T>()
    {
        var (mailId, report) = await _reports.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask()
            .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        return (mailId, Assert.IsType<T>(report));
    }

    /// <summary>What a mail does when its turn with a service has come.</summary>
    public Func<string, string, Task> Called { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>What is kept of domains' policies, by key.</summary>
    public ConcurrentDictionary<string, TlsPolicy> Policies { get; } = new();

    /// <summary>Throws instead of keeping a policy.</summary>
    public bool KeepsNoPolicy { get; set; }

    public bool HasReport => _reports.Reader.TryPeek(out _);

    private Task Take(string mailId, object report)
    {
        if (Interlocked.Decrement(ref _refusals) >= 0) throw new TimeoutException("The grain does not answer.");
        _reports.Writer.TryWrite((mailId, report));
        return Task.CompletedTask;
    }

    private sealed class PolicyGrain(RecordingGrains all, string key) : ITlsPolicyGrain
    {
        public Task<TlsPolicy?> Find() => Task.FromResult(all.Policies.GetValueOrDefault(key));

        public Task Keep(TlsPolicy policy)
        {
            if (all.KeepsNoPolicy) throw new TimeoutException("The store takes nothing.");
            all.Policies[key] = policy;
            return Task.CompletedTask;
        }
    }

    private sealed class MailGrain(RecordingGrains all, string mailId) : IMailGrain
    {
        public Task Sent(DelegationReport report) => all.Take(mailId, report);

        public Task Attempted(DeliveryReport report) => all.Take(mailId, report);

        public Task<AcceptAnswer> Accept(AcceptMail mail) => throw new NotSupportedException();

        public Task<ReturnAnswer> Return(DelegationReturn returned) => throw new NotSupportedException();

        public Task TakeTurn(string service) => all.Called(mailId, service);

        public Task LetGo(string ticketHash, DateTimeOffset beganAt) => throw new NotSupportedException();

        public Task Advance(string version) => throw new NotSupportedException();

        public Task<OperatorAnswer> Release() => throw new NotSupportedException();

        public Task<OperatorAnswer> Remove() => throw new NotSupportedException();

        public Task<OperatorAnswer> MoveToRules(string ruleSet, bool restarts) => throw new NotSupportedException();

        public Task<OfferAnswer> Offer(OfferMail offered) => throw new NotSupportedException();

        public Task<OfferAnswer> AwaitVerdict() => throw new NotSupportedException();

        public Task<OfferAnswer> Confirm(bool isWaitOver) => throw new NotSupportedException();

        public Task<OfferAnswer> Withdraw(string why) => throw new NotSupportedException();
    }
}
