using System.CommandLine;
using Vsmtp.Cli.Privileges;
using Vsmtp.Silo.Hosting;

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
            Description = "Runs one role of a cluster only; without it one process has all. The embedded build has all in any case.",
            HelpName = string.Join('|', ServerRoles.Names),
        };
        role.AcceptOnlyFromAmong(ServerRoles.Names);
        var command = new Command("serve", "Runs the server in the foreground until SIGTERM, which drains it.") { config, set, role };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var wanted = parsed.GetValue(role);
            if (wanted is not null && !GrainHosting.HasRoles)
            {
                await Console.Error.WriteLineAsync(
                    $"error: --role {wanted} needs the Orleans build (-p:GrainHost=Orleans); this one is a single process that has all roles.");
                return ExitCode.WrongUsage;
            }

            var pairs = CommonOptions.Pairs(parsed.GetRequiredValue(set));
            try
            {
                return await ServerProcess.RunAsync(ServerRoles.Parse(wanted), parsed.GetValue(config), pairs, cancellationToken);
            }
            catch (PrivilegeException fault)
            {
                await Console.Error.WriteLineAsync($"error: {fault.Message}");
                return ExitCode.Failed;
            }
        });
        return command;
    }
}
