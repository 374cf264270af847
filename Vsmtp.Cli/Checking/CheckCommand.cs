using System.CommandLine;
using System.Text.Json;
using Vsmtp.Cli.Serving;
using Vsmtp.Vsl;

namespace Vsmtp.Cli.Checking;

/// <summary><c>vsmtp check</c>: every error and warning of configuration and rules.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var json = CommonOptions.Json();
        var strict = new Option<bool>("--strict")
        {
            Description = "Take warnings of what would be an error when a rule runs (unknown names, wrong arguments, no status) for errors.",
        };
        var command = new Command("check", "Checks configuration and rules; prints every error and warning.") { config, set, json, strict };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var site = await Site.LoadAsync(
                ServerRole.All, parsed.GetValue(config), CommonOptions.Pairs(parsed.GetRequiredValue(set)), loadLog: null, cancellationToken);
            var findings = parsed.GetValue(strict) ? [.. site.Findings.Select(Strictly)] : site.Findings;
            if (parsed.GetValue(json)) PrintJson(findings);
            else await PrintAsync(findings);
            return site.CanServe && !findings.Any(finding => finding.IsError) ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static Finding Strictly(Finding finding) =>
        finding.IsError || !DiagnosticCodes.ForetellsError(finding.Entry.Code)
            ? finding
            : new(true, finding.Text.Replace(": warning: ", ": error: ", StringComparison.Ordinal), finding.Entry with { Severity = "error" });

    private static async Task PrintAsync(IReadOnlyList<Finding> findings)
    {
        foreach (var finding in findings) await Console.Error.WriteLineAsync(finding.Text);
        var errors = findings.Count(finding => finding.IsError);
        Console.WriteLine($"{Count(errors, "error")}, {Count(findings.Count - errors, "warning")}");
    }

    private static void PrintJson(IReadOnlyList<Finding> findings) =>
        Console.WriteLine(JsonSerializer.Serialize([.. findings.Select(finding => finding.Entry)], CheckJson.Default.IReadOnlyListCheckEntry));

    private static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";
}
