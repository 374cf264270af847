using System.CommandLine;

namespace Vsmtp.Cli.Serving;

/// <summary><c>vsmtp serve</c>: the server, in the foreground.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var role = new Option<string?>("--role")
        {
            Description = "Run one role of a cluster only: gateway or silo. This build runs all of them in one process.",
            HelpName = "gateway|silo",
        };
        role.AcceptOnlyFromAmong("gateway", "silo");
        var command = new Command("serve", "Runs the server in the foreground until SIGTERM, which drains it.") { config, set, role };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(role) is { } wanted)
            {
                await Console.Error.WriteLineAsync(
                    $"error: --role {wanted} needs the Orleans build (-p:GrainHost=Orleans); this one is a single process that has all roles.");
                return ExitCode.WrongUsage;
            }

            return await ServerProcess.RunAsync(parsed.GetValue(config), CommonOptions.Pairs(parsed.GetRequiredValue(set)), cancellationToken);
        });
        return command;
    }
}
