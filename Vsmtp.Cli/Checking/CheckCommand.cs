using System.CommandLine;
using Vsmtp.Cli.Serving;

namespace Vsmtp.Cli.Checking;

/// <summary><c>vsmtp check</c>: every error and warning of configuration and rules.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var command = new Command("check", "Checks configuration and rules; prints every error and warning.") { config, set };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var site = await Site.LoadAsync(
                ServerRole.All, parsed.GetValue(config), CommonOptions.Pairs(parsed.GetRequiredValue(set)), loadLog: null, cancellationToken);
            foreach (var finding in site.Findings) await Console.Error.WriteLineAsync(finding.Text);
            var errors = site.Findings.Count(finding => finding.IsError);
            var warnings = site.Findings.Count - errors;
            Console.WriteLine($"{Count(errors, "error")}, {Count(warnings, "warning")}");
            return site.CanServe ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";
}
