using System.Runtime.InteropServices;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vsmtp.Configuration;
using Vsmtp.Gateway.Certificates;
using Vsmtp.Rules;
using Vsmtp.Silo.RuleSets;

namespace Vsmtp.Cli.Serving;

/// <summary>
/// SIGHUP: reads the certificates and the rules again and puts them in force. What has an error changes nothing. Signals that come while
/// one is being served are served together after it; those that come before the server is ready, when it is; those that come while it stops, never.
/// </summary>
internal sealed partial class RuleReload
{
    private readonly Channel<bool> _wishes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly string? _configPath;
    private readonly string? _configText;

    /// <summary>From now on SIGHUP does not end the process.</summary>
    /// <param name="configPath">The file of the configuration, which is not read again; null: there is none.</param>
    public RuleReload(string? configPath)
    {
        UnixSignals.HearHangUp();
        // Never given up: without it a signal to a server that is just leaving would kill it.
        _ = GCHandle.Alloc(PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            _wishes.Writer.TryWrite(true);
        }));
        _configPath = configPath;
        _configText = ReadConfiguration();
    }

    /// <summary>Serves the signals until the server stops.</summary>
    public async Task ServeAsync(IServiceProvider server, ServerRole role, Site site, CancellationToken stopping)
    {
        var log = server.GetRequiredService<ILogger<RuleReload>>();
        try
        {
            await foreach (var _ in _wishes.Reader.ReadAllAsync(stopping))
            {
                if (site.Certificates is { } certificates) await TryReloadAsync(certificates, log, stopping);
                await TryReloadAsync(server, role, site, log, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What a reload under way would have put in force, the next start reads.
        }
    }

    /// <summary>Live sessions keep what they have; handshakes from now on are made with what is read here.</summary>
    private static async Task TryReloadAsync(ServerCertificates certificates, ILogger log, CancellationToken stopping)
    {
        try
        {
            var faults = await certificates.LoadAsync(stopping);
            foreach (var fault in faults) await (IsError(fault) ? FailAsync(log, fault.ToString()) : WarnAsync(log, fault.ToString()));
            if (faults.Any(IsError))
            {
                await FailAsync(log, "error: not all certificates are reloaded; those of before stay in force in their place");
                return;
            }

            const string words = "reloaded certificates";
            LogReloaded(log, words);
            Console.WriteLine(words);
        }
        catch (Exception fault) when (!stopping.IsCancellationRequested)
        {
            await FailAsync(log, $"error: the certificates are not reloaded; those of before stay in force: {fault.Message}");
        }
    }

    private static bool IsError(ConfigurationFault fault) => fault.Severity is FaultSeverity.Error;

    private async Task TryReloadAsync(IServiceProvider server, ServerRole role, Site site, ILogger log, CancellationToken stopping)
    {
        var catalog = server.GetRequiredService<RuleSetCatalog>();
        try
        {
            if (_configText is not null && ReadConfiguration() != _configText)
            {
                await WarnAsync(
                    log, $"warning: {_configPath} has changed, and SIGHUP reads rules and certificates alone: the rest takes effect at a restart");
            }

            var rules = await SiteRules.LoadAsync(site.Configuration!, site.RuleOptions!, role.HasGateway(), stopping);
            foreach (var finding in rules.Findings) await (finding.IsError ? FailAsync(log, finding.Text) : WarnAsync(log, finding.Text));
            if (rules.CanServe) await PutInForceAsync(rules.Set!, catalog, server.GetRequiredService<RuleSetPinning>(), log, stopping);
            else await FailAsync(log, $"error: the rules are not reloaded; those of before, {Short(catalog.Current)}, stay in force");
        }
        catch (Exception fault) when (!stopping.IsCancellationRequested)
        {
            LogFailed(log, fault);
            await Console.Error.WriteLineAsync($"error: the rules are not reloaded; those of before, {Short(catalog.Current)}, stay in force: {fault.Message}");
        }
    }

    private static async Task PutInForceAsync(
        RuleSet next, RuleSetCatalog catalog, RuleSetPinning pinning, ILogger log, CancellationToken stopping)
    {
        var isSame = next.Hash == catalog.Current.Hash;
        foreach (var line in await pinning.ReplaceAsync(next, stopping)) await Console.Error.WriteLineAsync($"warning: {line}");
        var count = Enum.GetValues<Stage>().Sum(stage => next[stage].Length);
        var words = $"{(isSame ? "unchanged rules" : "reloaded rules")} {Short(next)} ({count} {(count == 1 ? "directive" : "directives")})";
        LogReloaded(log, words);
        Console.WriteLine(words);
    }

    private static async Task FailAsync(ILogger log, string text)
    {
        LogError(log, text);
        await Console.Error.WriteLineAsync(text);
    }

    private static async Task WarnAsync(ILogger log, string text)
    {
        LogWarning(log, text);
        await Console.Error.WriteLineAsync(text);
    }

    /// <summary>Null: it cannot be read now, which is nothing new to say anything of.</summary>
    private string? ReadConfiguration()
    {
        try
        {
            return _configPath is null ? null : File.ReadAllText(_configPath);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Short(RuleSet set) => set.Hash[..12];

    [LoggerMessage(EventId = CliEvents.RulesReloaded, Level = LogLevel.Information, Message = "{Words}")]
    private static partial void LogReloaded(ILogger log, string words);

    [LoggerMessage(EventId = CliEvents.ReloadWarning, Level = LogLevel.Warning, Message = "{Text}")]
    private static partial void LogWarning(ILogger log, string text);

    [LoggerMessage(EventId = CliEvents.ReloadRefused, Level = LogLevel.Error, Message = "{Text}")]
    private static partial void LogError(ILogger log, string text);

    [LoggerMessage(EventId = CliEvents.ReloadFailed, Level = LogLevel.Error, Message = "The rules are not reloaded")]
    private static partial void LogFailed(ILogger log, Exception fault);
}
