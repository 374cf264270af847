using Vsmtp.Contracts.TlsPolicies;
using Vsmtp.Delivery.Exchanges;
using Vsmtp.Delivery.Tests.Support;
using Vsmtp.Delivery.TlsPolicies;
using Vsmtp.Mail.Transfer;
using Vsmtp.Smtp.Tests.Client;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.Delivery.Tests.TlsPolicies;

/// <summary>For how long policies hold, and when they are asked for anew (RFC 8461 §3.3).</summary>
public sealed class StsPoliciesTests : IAsyncLifetime
{
    private const string Key = "sts-b.example";
    private const string RecordName = "_mta-sts.b.example";
    private const string Weekly = "version: STSv1\nmode: enforce\nmx: one.b.example\nmax_age: 604800\n";

    private readonly ScriptedCertificates _certificates = new();
    private readonly ManualTime _time = new();
    private readonly RecordingGrains _grains = new();
    private readonly HeardLog _log = new();
    private readonly Zone _zone = new Zone().Txt(RecordName, "v=STSv1; id=1;").A("mta-sts.b.example", "127.0.0.1");
    private PolicyHost _host = null!;
    private StsPolicies _policies = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await PolicyHost.StartAsync(_certificates.Make("mta-sts.b.example"), Weekly);
        _policies = Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _policies.DisposeAsync();
        await _host.DisposeAsync();
        _certificates.Dispose();
    }

    private StsPolicies Start(int capacity = 100) => new(
        _grains, new DnsResolvers(_zone), new DeliveryOptions
        {
            ServerName = "vsmtp.example", PolicyPort = _host.Port, WorldAuthorities = _certificates.Pem, MaxKnownPolicies = capacity,
        },
        _time, _log);

    private async Task<bool> IsEnforcedAsync(string domain = "b.example") =>
        (await _policies.DemandOfAsync(domain, TestContext.Current.CancellationToken)).Tls.Level == TlsLevel.Verify;

    /// <summary>Waits until a fetch that no delivery waits for has come to its end.</summary>
    private async Task UntilKeptAsync(DateTimeOffset fetchedAt)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (_grains.Policies.GetValueOrDefault(Key)?.FetchedAt != fetchedAt) await Task.Delay(10, patience.Token);
    }

    [Fact]
    public async Task It_holds_until_its_time_is_over_and_not_longer()
    {
        Assert.True(await IsEnforcedAsync());
        _zone.Without(RecordName);
        _time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        Assert.True(await IsEnforcedAsync());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await IsEnforcedAsync());
        Assert.Equal(1, _host.Requests);
    }

    [Fact]
    public async Task One_that_is_a_day_old_is_fetched_anew_behind_the_delivery_that_uses_it()
    {
        Assert.True(await IsEnforcedAsync());
        _time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        Assert.True(await IsEnforcedAsync());
        Assert.Equal(1, _host.Requests);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await IsEnforcedAsync());
        await UntilKeptAsync(_time.GetUtcNow());
        _time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        _zone.Without(RecordName);
        Assert.True(await IsEnforcedAsync());
        Assert.Equal(2, _host.Requests);
    }

    [Fact]
    public async Task A_short_one_is_fetched_anew_when_half_of_its_time_is_over()
    {
        _host.Answer = PolicyHost.Text(Weekly.Replace("604800", "3600", StringComparison.Ordinal));
        Assert.True(await IsEnforcedAsync());
        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.True(await IsEnforcedAsync());
        await UntilKeptAsync(_time.GetUtcNow());
    }

    [Fact]
    public async Task One_that_could_not_be_had_is_asked_for_again_after_five_minutes_or_when_DNS_speaks_of_another()
    {
        _host.Answer = PolicyHost.Text("", status: 503);
        Assert.False(await IsEnforcedAsync());
        _time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        Assert.False(await IsEnforcedAsync());
        Assert.Equal(1, _host.Requests);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await IsEnforcedAsync());
        Assert.Equal(2, _host.Requests);

        _host.Answer = PolicyHost.Text(Weekly);
        _zone.Without(RecordName).Txt(RecordName, "v=STSv1; id=2;");
        Assert.True(await IsEnforcedAsync());
    }

    [Fact]
    public async Task What_is_kept_is_found_by_the_next_process_and_by_this_one_when_it_has_forgotten()
    {
        Assert.True(await IsEnforcedAsync());
        var kept = Assert.Single(_grains.Policies);
        Assert.Equal(("1", TlsPolicyMode.Enforce), (kept.Value.RecordId, kept.Value.Mode));
        Assert.Equal((_time.GetUtcNow(), TimeSpan.FromDays(7)), (kept.Value.FetchedAt, kept.Value.MaxAge));
        Assert.Equal((Key, "one.b.example"), (kept.Key, Assert.Single(kept.Value.Hosts)));

        _zone.Without(RecordName);
        await _policies.DisposeAsync();
        _policies = Start(capacity: 1);
        Assert.True(await IsEnforcedAsync("B.Example"));
        Assert.False(await IsEnforcedAsync("c.example"));
        Assert.True(await IsEnforcedAsync());
        Assert.Equal(1, _host.Requests);
    }

    [Fact]
    public async Task What_another_silo_has_fetched_meanwhile_is_not_fetched_again()
    {
        Assert.True(await IsEnforcedAsync());
        _time.Advance(TimeSpan.FromMinutes(1));
        _grains.Policies[Key] = _grains.Policies[Key] with { RecordId = "2", Mode = TlsPolicyMode.None, FetchedAt = _time.GetUtcNow() };
        _zone.Without(RecordName).Txt(RecordName, "v=STSv1; id=2;");
        Assert.False(await IsEnforcedAsync());
        Assert.Equal(1, _host.Requests);
    }

    [Fact]
    public async Task One_that_the_store_did_not_take_holds_and_is_offered_to_it_again()
    {
        _grains.KeepsNoPolicy = true;
        Assert.True(await IsEnforcedAsync());
        Assert.Contains("the store did not take it", Assert.Single(_log.Warnings), StringComparison.Ordinal);
        Assert.True(await IsEnforcedAsync());
        Assert.Equal(1, _host.Requests);

        _grains.KeepsNoPolicy = false;
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.True(await IsEnforcedAsync());
        await UntilKeptAsync(_time.GetUtcNow());
    }

    [Fact]
    public async Task One_that_is_over_at_once_is_not_fetched_for_each_mail()
    {
        _host.Answer = PolicyHost.Text(Weekly.Replace("604800", "0", StringComparison.Ordinal));
        Assert.False(await IsEnforcedAsync());
        Assert.False(await IsEnforcedAsync());
        Assert.Equal(1, _host.Requests);
    }

    [Theory]
    [InlineData("[192.0.2.1]")]
    [InlineData("[IPv6:2001:db8::1]")]
    [InlineData(".")]
    public async Task Who_has_no_name_has_no_policy(string domain)
    {
        Assert.False(await IsEnforcedAsync(domain));
        Assert.Empty(_grains.Policies);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_host_has_a_minute_for_its_whole_answer(bool beginsOne)
    {
        await using var hanging = new Hanging(_host, beginsOne ? Weekly : null);
        var waiting = IsEnforcedAsync();
        await hanging.Asked;
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(await waiting.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.Contains("there was no whole answer within 60 s", Assert.Single(_log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_it_ends_it_waits_for_nobody()
    {
        await using var hanging = new Hanging(_host, text: null);
        var waiting = IsEnforcedAsync();
        await hanging.Asked;
        await _policies.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    /// <summary>Makes a host say some of an answer, or nothing, and no more until the test is over.</summary>
    private sealed class Hanging : IAsyncDisposable
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _over = new();

        public Hanging(PolicyHost host, string? text) => host.Answer = async context =>
        {
            if (text is not null)
            {
                await PolicyHost.Text(text)(context);
                await context.Response.Body.FlushAsync();
            }

            _asked.TrySetResult();
            await _over.Task;
        };

        public Task Asked => _asked.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        public ValueTask DisposeAsync()
        {
            _over.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }
}
