using Vsmtp.Configuration;
using Vsmtp.Rules;
using Vsmtp.Vsl;

namespace Vsmtp.Cli.Serving;

/// <summary>The rules that a configuration names, read and checked: at the start, and again at each reload.</summary>
/// <param name="Set">Null: they have an error.</param>
/// <param name="Findings">All errors and warnings, ready to be printed.</param>
internal sealed record SiteRules(RuleSet? Set, IReadOnlyList<Finding> Findings)
{
    public bool CanServe => Set is not null && Findings.All(finding => !finding.IsError);

    /// <param name="knowsListeners">The process listens at the addresses of the configuration: receivers and delegators are held against them.</param>
    public static async Task<SiteRules> LoadAsync(
        VsmtpConfiguration configuration, RuleSetOptions options, bool knowsListeners, CancellationToken cancellationToken)
    {
        if (configuration.App.Vsl.FilePath is not { } script) return new SiteRules(RuleSet.DenyAll, []);
        var loaded = await RuleSetLoader.LoadAsync(script, options, cancellationToken);
        var interfaces = configuration.Server.Interfaces;
        var diagnostics = loaded.Set is null || !knowsListeners
            ? loaded.Diagnostics
            : loaded.Diagnostics.AddRange(RuleSetChecks.Check(loaded.Set, [.. interfaces.Addr, .. interfaces.AddrSubmission]));
        var renderer = new DiagnosticRenderer(loaded.Files);
        var directory = Path.GetDirectoryName(Path.GetFullPath(script))!;
        return new SiteRules(loaded.Set, [.. diagnostics.Select(diagnostic => Finding.Of(diagnostic, renderer, directory))]);
    }
}
