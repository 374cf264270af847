using Vsmtp.Cli.Users;
using Vsmtp.Configuration;
using Vsmtp.Configuration.Options;
using Vsmtp.Delivery.Identities;
using Vsmtp.Gateway.Certificates;
using Vsmtp.Rules;
using Vsmtp.Silo.Hosting;

namespace Vsmtp.Cli.Serving;

/// <summary>A site's configuration and rules, read and checked together.</summary>
/// <param name="Configuration">Null: it has an error.</param>
/// <param name="Rules">Null: they, or the configuration, have an error.</param>
/// <param name="RuleOptions">With which the rules were loaded; null when they were not.</param>
/// <param name="Findings">All errors and warnings, ready to be printed, in the order of reading.</param>
internal sealed record Site(
    VsmtpConfiguration? Configuration, RuleSet? Rules, RuleSetOptions? RuleOptions, IReadOnlyList<Finding> Findings)
{
    /// <summary>Loaded; null: the site has no TLS, or the role has no listeners.</summary>
    public ServerCertificates? Certificates { get; init; }

    public bool CanServe => Configuration is not null && Rules is not null && Findings.All(finding => !finding.IsError);

    /// <param name="role">A silo listens nowhere: where services bring mails back to is its gateways' business.</param>
    public static async Task<Site> LoadAsync(
        ServerRole role, string? path, IReadOnlyList<KeyValuePair<string, string>> sets, IRuleLog? loadLog, CancellationToken cancellationToken)
    {
        var read = ConfigurationReader.Read(path, sets);
        List<Finding> findings = [.. read.Faults.Select(Finding.Of)];
        if (read.Draft is not { } configuration) return new Site(null, null, null, findings);
        findings.AddRange(configuration.NotYetInEffect.Where(key => !IsInEffect(key)).Select(key => Finding.Of(key.ToFault())));
        var options = OptionsOf(configuration, loadLog);
        // A configuration with faults may have the usual listeners in place of the site's.
        var rules = await SiteRules.LoadAsync(configuration, options, role.HasGateway() && read.Configuration is not null, cancellationToken);
        var certificates = role.HasGateway() && read.Configuration is not null
            ? ServerCertificates.Of(configuration.Server, TimeProvider.System)
            : null;
        foreach (var fault in certificates is null ? [] : await certificates.LoadAsync(cancellationToken))
            findings.Add(Finding.Of(fault));
        if (role.HasGateway() && read.Configuration?.Server.Smtp.Auth is { } auth) findings.AddRange(AuthCheck.Of(auth, rules.Set));
        return new Site(read.Configuration, rules.Set, options, [.. findings, .. rules.Findings]) { Certificates = certificates };
    }

    /// <summary>What the reader, which knows no host, takes for idle.</summary>
    private static bool IsInEffect(IdleKey key) => key.Key switch
    {
        "server.cluster" => GrainHosting.HasRoles,
        "server.dashboard" => GrainHosting.HasDashboard,
        _ => false,
    };

    private static RuleSetOptions OptionsOf(VsmtpConfiguration configuration, IRuleLog? loadLog)
    {
        var tree = ConfigurationWriter.ToTree(configuration);
        return new RuleSetOptions
        {
            ServerDomain = configuration.Server.Domain,
            VirtualDomains = [.. configuration.Server.Virtual.Keys],
            AppDirectory = configuration.App.DirPath,
            Server = TableOf(tree, "server"),
            App = TableOf(tree, "app"),
            StoreFile = (configuration.Server.Storage.Url as StorageUrl.Sqlite)?.Path,
            Resolver = DnsServices.MakeResolver(configuration.Server.Dns, TimeProvider.System),
            LoadLog = loadLog,
            RunsAs = UserOf(configuration.Server.System),
        };
    }

    /// <summary>Null: this machine does not have it, or it is root.</summary>
    private static string? UserOf(SystemOptions system) =>
        OperatingSystem.IsLinux() && MachineAccounts.FindUser(system.User, system.Group) is { User: not 0 } ? system.User : null;

    private static IReadOnlyDictionary<string, object?> TableOf(IReadOnlyDictionary<string, object?> tree, string key) =>
        tree.GetValueOrDefault(key) as IReadOnlyDictionary<string, object?> ?? new Dictionary<string, object?>();
}
