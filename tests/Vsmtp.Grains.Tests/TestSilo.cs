using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Vsmtp.Configuration;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Queues;
using Vsmtp.Contracts.RuleSets;
using Vsmtp.Delivery;
using Vsmtp.Delivery.Delegation;
using Vsmtp.Grains.Mail;
using Vsmtp.Grains.WakeUps;
using Vsmtp.Rules;
using Vsmtp.Silo.Hosting;
using Vsmtp.Silo.RuleSets;
using Vsmtp.Silo.Sweeping;

namespace Vsmtp.Grains.Tests;

/// <summary>A whole silo on a store of its own: real grains, real rules, real SQLite, no gateway.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    /// <summary>Rules that delegate to a service at which nobody is, and try again in an hour.</summary>
    public const string UnreachableService = """
        service scanner smtp = #{ delegator: #{ address: "127.0.0.1:1", timeout: "2s" }, receiver: "127.0.0.1:2", retry: #{ first: "1h", max: "1h", give_up: "2h" } };
        #{ postq: [ delegate scanner "scan" || next() ] }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("vsmtp-grains-").FullName;
    private readonly IHost _host;
    private readonly StoreClaim _claim;

    private TestSilo(string rules, string settings, MailGrainOptions? grainOptions, SweepOptions? sweep, Action<IServiceCollection>? change)
    {
        File.WriteAllText(Path.Combine(_folder, "main.vsl"), rules);
        var read = ConfigurationReader.ReadText(
            "[server]\ndomain = \"mx.example.com\"\n[server.queues]\ndirpath = \"spool\"\n[server.delivery]\nmaildir_root = \"mail\"\n" + settings,
            Path.Combine(_folder, "vsmtp.toml"), []);
        Directory.CreateDirectory(Path.Combine(_folder, "spool"));
        Directory.CreateDirectory(MailFolder);
        var options = new RuleSetOptions { ServerDomain = "mx.example.com" };
        var loaded = RuleSetLoader.LoadAsync(Path.Combine(_folder, "main.vsl"), options, CancellationToken.None).Result;
        Assert.True(loaded.Set is not null, string.Join('\n', loaded.Diagnostics));
        RuleSetHash = loaded.Set.Hash;
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        _claim = GrainHosting.ClaimStore(read.Configuration!.Server.Storage);
        builder.Services.AddSite(_claim, loaded.Set, options, new SilentLog());
        builder.AddSilo(read.Configuration!, _claim);
        if (sweep is not null) builder.Services.AddSingleton(sweep);
        if (grainOptions is not null) builder.Services.AddSingleton(grainOptions);
        change?.Invoke(builder.Services);
        _host = builder.Build();
    }

    public string MailFolder => Path.Combine(_folder, "mail");

    /// <summary>Of the present rules.</summary>
    public string RuleSetHash { get; private set; }

    public IMailQueries Queries => _host.Services.GetRequiredService<IMailQueries>();

    /// <param name="change">Puts other parts in the place of usual ones.</param>
    public static async Task<TestSilo> StartAsync(
        string rules, string settings = "", MailGrainOptions? grainOptions = null, SweepOptions? sweep = null, Action<IServiceCollection>? change = null)
    {
        var silo = new TestSilo(rules, settings, grainOptions, sweep, change);
        await silo._host.StartAsync();
        return silo;
    }

    public IRuleSetStore RuleSets => _host.Services.GetRequiredService<IRuleSetStore>();

    /// <summary>Puts other rules in force, as SIGHUP does.</summary>
    public async Task ReloadAsync(string rules)
    {
        var path = Path.Combine(_folder, "main.vsl");
        await File.WriteAllTextAsync(path, rules);
        var loaded = await RuleSetLoader.LoadAsync(path, new RuleSetOptions { ServerDomain = "mx.example.com" }, CancellationToken.None);
        Assert.True(loaded.Set is not null, string.Join('\n', loaded.Diagnostics));
        await _host.Services.GetRequiredService<RuleSetPinning>().ReplaceAsync(loaded.Set, CancellationToken.None);
        RuleSetHash = loaded.Set.Hash;
    }

    /// <summary>Changes a mail that sleeps behind its grain's back, as another program could.</summary>
    public async Task ChangeAsync(string id, Func<MailState, MailState> change)
    {
        while (true)
        {
            var state = new GrainState<MailState>();
            await States.ReadStateAsync(MailStateStorage.StateName, GrainId.Create("mail", id), state);
            state.State = change(state.State!);
            try
            {
                await States.WriteStateAsync(MailStateStorage.StateName, GrainId.Create("mail", id), state);
                return;
            }
            catch (InconsistentStateException)
            {
                // The grain was quicker.
            }
        }
    }

    public IGrainStorage States => _host.Services.GetRequiredKeyedService<IGrainStorage>(MailStateStorage.ProviderName);

    /// <summary>Tells a mail that the store has found it due, as a sweep does, whatever this process's clock says.</summary>
    public async Task WakeAsync(string id) => await Mail(id).Advance(await VersionAsync(id));

    /// <summary>How often it has been committed.</summary>
    public async Task<string> VersionAsync(string id)
    {
        var state = new GrainState<MailState>();
        await States.ReadStateAsync(MailStateStorage.StateName, GrainId.Create("mail", id), state);
        return state.ETag!;
    }

    /// <summary>Ends the delivery worker, as when the process stops: what is offered to it is refused.</summary>
    public Task StopDeliveriesAsync() => _host.Services.GetRequiredService<DeliveryWorker>().StopAsync(CancellationToken.None);

    public IAcceptances Acceptances => _host.Services.GetRequiredService<IAcceptances>();

    public MailLoad Load => _host.Services.GetRequiredService<MailLoad>();

    public IWakeUps WakeUps => _host.Services.GetRequiredService<IWakeUps>();

    /// <summary>A waker of mails that only the test has, over this silo's workers.</summary>
    public MailWaker Waker(IWakeUps wakeUps, IGrainFactory grains) => new(
        wakeUps, grains, _host.Services.GetRequiredService<DelegationSender>(), _host.Services.GetRequiredService<DeliveryWorker>(),
        Load, _host.Services.GetRequiredService<ILogger<MailWaker>>());

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public IMailGrain Mail(string id) => _host.Services.GetRequiredService<IGrainFactory>().GetGrain<IMailGrain>(id);

    /// <summary>A mail to jane, as a gateway offers it.</summary>
    public AcceptMail Offer(string text = "Subject: hello\r\n\r\nAll is well.\r\n", string? quarantine = null)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        return new AcceptMail
        {
            Envelope = new MailEnvelope
            {
                Sender = "john@example.org",
                Recipients = [new MailRecipient { Address = "jane@example.com", Transport = TransportKind.Maildir }],
                Helo = "client.example.org",
                ClientAddress = "192.0.2.1:4321",
                ServerAddress = "192.0.2.25:25",
                ServerName = "mx.example.com",
                ConnectedAt = DateTimeOffset.UtcNow,
                MailAt = DateTimeOffset.UtcNow,
            },
            Content = ContentOf(bytes),
            RuleSet = RuleSetHash,
            Subject = "hello",
            Quarantine = quarantine,
        };
    }

    public static StagedContent ContentOf(byte[] bytes) => new(
        new ContentId(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))),
        [.. bytes]);

    /// <summary>Waits until the mail is in one of the queues; fails with what it is after a minute.</summary>
    public async Task<MailDetails> WaitForAsync(string id, params string[] queues)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var mail = await Queries.FindAsync(id, CancellationToken.None);
            if (mail is not null && queues.Contains(mail.Summary.Queue)) return mail;
            Assert.False(patience.IsCancellationRequested, $"{id} is in {mail?.Summary.Queue ?? "nothing"}, not {string.Join(" or ", queues)}: {mail?.Summary.Reason}");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        _claim.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class SilentLog : IRuleLog
    {
        public void Write(RuleLogLevel level, string text)
        {
        }
    }
}
