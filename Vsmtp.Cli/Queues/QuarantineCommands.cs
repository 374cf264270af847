using System.CommandLine;

namespace Vsmtp.Cli.Queues;

/// <summary><c>vsmtp quarantine</c>: what rules set aside, and what is to become of it.</summary>
internal static class QuarantineCommands
{
    public static Command Create() => new("quarantine", "Lists, releases and deletes what rules set aside.")
    {
        List(),
        Act("release", "release", "Lets a mail go on: through the rules of delivery to its recipients."),
        Act("delete", "remove", "Deletes a mail; its history stays for a while."),
    };

    private static Command List()
    {
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var json = CommonOptions.Json();
        var name = new Argument<string?>("NAME") { Description = "One quarantine; without it all of them.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("list", "Lists quarantined mails.") { name, config, set, json };
        command.SetAction((parsed, _) => QueueCommands.ListAsync(
            parsed.GetValue(config), CommonOptions.Pairs(parsed.GetRequiredValue(set)),
            parsed.GetValue(name) is { } one ? $"quarantine/{one}" : "quarantine", parsed.GetValue(json)));
        return command;
    }

    private static Command Act(string name, string act, string description)
    {
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var id = new Argument<string>("ID") { Description = "The id of the mail." };
        var command = new Command(name, description) { id, config, set };
        command.SetAction((parsed, _) => LocalApiClient.RunAsync(
            parsed.GetValue(config), CommonOptions.Pairs(parsed.GetRequiredValue(set)), async client =>
            {
                var answer = await client.ActAsync(parsed.GetRequiredValue(id), act);
                await (answer.IsDone ? Console.Out : Console.Error).WriteLineAsync(answer.Text);
                return answer.IsDone ? ExitCode.Done : ExitCode.Failed;
            }));
        return command;
    }
}
