using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Vsmtp.Configuration.Options;
using Vsmtp.Gateway.Authentication;
using Vsmtp.Gateway.Clients;
using Vsmtp.Gateway.Rates;
using Vsmtp.Rules;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Server;
using Vsmtp.Smtp.Server.Authentication;
using Vsmtp.Smtp.Tests.Support;
using Vsmtp.Vsl;

namespace Vsmtp.Gateway.Tests.Authentication;

/// <summary>What a name costs that a client of SCRAM gives, and what the client is told of it: the same for all.</summary>
public sealed class ScramNamesTests : IDisposable
{
    private const string Rules = """
        #{
            authenticate: [
                rule "some" || switch auth().authid {
                    "carol" => packet("carols-91b4"),
                    "empty" => packet(""),
                    "odd" => packet("a\u0007b"),
                    "denied" => deny(),
                    "blocked" => faccept(),
                    "apart" => quarantine("odd"),
                    _ => next(),
                },
            ],
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vsmtp");
    private readonly KeyWorkers _workers = new(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string UsersFile => Path.Combine(_folder.FullName, "users");

    public static TheoryData<string> Names => ["carol", "empty", "odd", "denied", "blocked", "apart", "nobody", "alice"];

    public void Dispose()
    {
        _workers.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Where_rules_judge_every_name_costs_one_derivation(string name)
    {
        await ShownAsync(await SiteAsync(Rules, hasFile: false), name);
        Assert.Equal(1, _workers.Turns);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task And_it_does_where_they_leave_some_to_a_file(string name)
    {
        AddAlice(4096);
        await ShownAsync(await SiteAsync(Rules, hasFile: true), name);
        Assert.Equal(1, _workers.Turns);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_wrong_password_costs_the_same_for_every_name_beside_a_file(string name)
    {
        AddAlice(4096);
        var (policy, session) = await ConnectAsync(await SiteAsync(Rules, hasFile: true));
        Assert.Same(SaslAnswer.Refused, await policy.OnAuthenticateAsync(session, new SaslCredentials.Verify(SaslMechanism.Plain, name, "wrong"), Token));
        Assert.Equal(1, _workers.Turns);
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("nobody")]
    public async Task Where_a_file_alone_decides_none_does(string name)
    {
        AddAlice(4096);
        await ShownAsync(await SiteAsync("#{}", hasFile: true), name);
        Assert.Equal(0, _workers.Turns);
    }

    [Fact]
    public async Task A_derivation_waits_for_its_turn_and_for_nobody_who_is_gone()
    {
        using var gate = new ManualResetEventSlim();
        using var goes = new CancellationTokenSource();
        var busy = _workers.RunAsync(() => gate.Wait(TimeSpan.FromSeconds(30)), Token);
        var site = await SiteAsync(Rules, hasFile: false);
        var asked = new[] { "carol", "denied", "nobody" }.Select(name => ShownAsync(site, name, goes.Token)).ToArray();
        await goes.CancelAsync();
        foreach (var one in asked) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        gate.Set();
        Assert.True(await busy);
        Assert.Equal(1, _workers.Turns);
    }

    [Fact]
    public async Task Salt_and_iterations_do_not_tell_who_knows_a_name_and_are_the_same_after_a_restart()
    {
        AddAlice(5000);
        var (site, restarted) = (await SiteAsync(Rules, hasFile: true), await SiteAsync(Rules, hasFile: true));
        var salts = new HashSet<string>();
        foreach (var name in Names.Select(row => row.Data))
        {
            var shown = await ShownAsync(site, name);
            Assert.Matches("^5000:[A-Za-z0-9+/]{22}==$", shown);
            Assert.Equal(shown, await ShownAsync(site, name));
            Assert.Equal(shown, await ShownAsync(restarted, name));
            Assert.True(salts.Add(shown));
        }
    }

    [Fact]
    public async Task A_rules_password_and_a_files_fit_and_nothing_else_does()
    {
        AddAlice(4096);
        var site = await SiteAsync(Rules, hasFile: true);
        Assert.True((await AskAsync(site, "carol", Token)).Fits("carols-91b4"));
        Assert.True((await AskAsync(site, "alice", Token)).Fits("wonderland"));
        foreach (var name in (string[])["empty", "odd", "denied", "blocked", "apart", "nobody"])
        {
            var verifier = await AskAsync(site, name, Token);
            foreach (var password in (string[])["", "a\u0007b", "carols-91b4", "wonderland", "nobody's", name]) Assert.False(verifier.Fits(password));
        }
    }

    /// <summary>What a client of SCRAM is shown: iterations and salt.</summary>
    private static async Task<string> ShownAsync(ClientServices site, string name, CancellationToken cancellationToken = default) =>
        (await AskAsync(site, name, cancellationToken)).ToText().Split('$')[1];

    private static async Task<ScramVerifier> AskAsync(ClientServices site, string name, CancellationToken cancellationToken)
    {
        var (policy, session) = await ConnectAsync(site);
        var answer = await policy.OnAuthenticateAsync(session, new SaslCredentials.VerifierQuery(SaslMechanism.ScramSha256, name), cancellationToken);
        return Assert.IsType<SaslAnswer.Verifier>(answer).Value;
    }

    private static async Task<(ClientPolicy Policy, SmtpSessionInfo Session)> ConnectAsync(ClientServices site)
    {
        var session = new SmtpSessionInfo("s1", new IPEndPoint(IPAddress.Loopback, 40000), new IPEndPoint(IPAddress.Loopback, 25), site.Time.GetUtcNow());
        var policy = new ClientPolicy(site);
        await policy.OnConnectAsync(session, Token);
        return (policy, session);
    }

    private void AddAlice(int iterations) =>
        UserFile.Change(UsersFile, users => users.SetItem("alice", ScramVerifier.Of("wonderland", iterations)!));

    private async Task<ClientServices> SiteAsync(string rules, bool hasFile)
    {
        var options = new RuleSetOptions { ServerDomain = "mx.example" };
        var loaded = await RuleSetLoader.LoadAsync("main.vsl", ImmutableDictionary<string, string>.Empty.Add("main.vsl", rules), options, Token);
        Assert.True(loaded.Set is not null, string.Join('\n', loaded.Diagnostics));
        var time = new ManualTime();
        // No mail comes, so nothing that takes one is there.
        return new ClientServices(
            new RuleSetCatalog(loaded.Set, options, null!), new RuleEngine(time, BudgetLimits.Default), new NoLog(), null!, null!, null!, null!, time, NullLogger.Instance)
        {
            ServerName = "mx.example",
            Denied = SmtpReplies.Denied,
            Accepted = SmtpReplies.Ok,
            Users = hasFile ? new UserStore(UsersFile, _workers, NullLogger.Instance) : null,
            KeyWorkers = _workers,
            FailurePace = new FailurePace(time),
            Paces = new ClientPaces(new RateOptions(), time),
            Node = "n1",
            Stopping = Token,
        };
    }

    private sealed class NoLog : IRuleLog
    {
        public void Write(RuleLogLevel level, string text)
        {
        }
    }
}
