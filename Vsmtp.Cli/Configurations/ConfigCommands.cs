using System.CommandLine;
using Vsmtp.Configuration;

namespace Vsmtp.Cli.Configurations;

/// <summary><c>vsmtp config</c>: what the server would run with.</summary>
internal static class ConfigCommands
{
    public static Command Create() => new("config", "Shows the effective configuration, without passwords.") { Show(), Diff() };

    private static Command Show() => Reading(
        "show", "Prints every key with its value, as TOML; what is not given has its default.",
        configuration => Console.Write(ConfigurationWriter.ToToml(configuration)));

    private static Command Diff() => Reading(
        "diff", "Prints the keys whose values are not the defaults: a line with '-' for the default, one with '+' for what holds.", configuration =>
        {
            foreach (var key in ConfigurationWriter.Differences(new VsmtpConfiguration(), configuration))
            {
                if (key.Before is { } before) Console.WriteLine($"- {key.Key} = {before}");
                if (key.After is { } after) Console.WriteLine($"+ {key.Key} = {after}");
            }
        });

    /// <param name="print">To the standard output, where errors and warnings are not.</param>
    private static Command Reading(string name, string description, Action<VsmtpConfiguration> print)
    {
        var (config, set) = (CommonOptions.Config(), CommonOptions.Set());
        var command = new Command(name, description) { config, set };
        command.SetAction(parsed =>
        {
            var read = ConfigurationReader.Read(parsed.GetValue(config), CommonOptions.Pairs(parsed.GetRequiredValue(set)));
            foreach (var fault in read.Faults) Console.Error.WriteLine(fault);
            if (read.Configuration is not { } configuration) return ExitCode.Failed;
            print(configuration);
            return ExitCode.Done;
        });
        return command;
    }
}
