using System.CommandLine;
using System.Text.Json;
using Vsmtp.Contracts.Mail;
using Vsmtp.Dashboard.Api;

namespace Vsmtp.Cli.Queues;

/// <summary><c>vsmtp queue</c>: what is in the queues, and the history of one mail.</summary>
internal static class QueueCommands
{
    public static Command Create() => new("queue", "Lists queues and shows mails of the running server.") { List(), Show() };

    private static IEnumerable<string> Names => Enum.GetValues<MailPhase>().Where(phase => phase is not MailPhase.None).Select(MailQueue.NameOf);

    private static bool IsQueue(string name) => name.StartsWith("quarantine/", StringComparison.Ordinal) || Names.Contains(name);

    private static Command List()
    {
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var json = CommonOptions.Json();
        var queue = new Argument<string?>("QUEUE")
        {
            Description = "working, delegated, deliver, deferred, dead, quarantine, quarantine/NAME; without it all of them.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        // An empty list would say that all is well with a queue that nobody has.
        queue.Validators.Add(result =>
        {
            if (result.Tokens is [var name] && !IsQueue(name.Value)) result.AddError($"There is no queue '{name.Value}'; queues are {string.Join(", ", Names)}, quarantine/NAME.");
        });
        var command = new Command("list", "Lists the mails of a queue, those that are there longest first.") { queue, config, set, json };
        command.SetAction((parsed, _) => ListAsync(
            parsed.GetValue(config), CommonOptions.Pairs(parsed.GetRequiredValue(set)), parsed.GetValue(queue), parsed.GetValue(json)));
        return command;
    }

    /// <summary>Lists a queue of the running server.</summary>
    public static Task<int> ListAsync(string? config, IReadOnlyList<KeyValuePair<string, string>> sets, string? queue, bool asJson) =>
        LocalApiClient.RunAsync(config, sets, async client =>
        {
            var mails = await client.ListAsync(queue);
            if (asJson) Console.WriteLine(JsonSerializer.Serialize(mails, ApiJson.Default.ImmutableArrayApiMail));
            else MailPrinter.PrintList(Console.Out, mails);
            return ExitCode.Done;
        });

    private static Command Show()
    {
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var json = CommonOptions.Json();
        var eml = new Option<bool>("--eml") { Description = "Print the message itself, as it would leave." };
        var diff = new Option<bool>("--diff") { Description = "Print what services changed in the message." };
        var id = new Argument<string>("ID") { Description = "The id of the mail, as the 250 and the lists give it." };
        var command = new Command("show", "Shows a mail and its history.") { id, config, set, eml, diff, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(eml) && result.GetValue(json)) result.AddError("--eml and --json cannot be given together.");
            if (result.GetValue(eml) && result.GetValue(diff)) result.AddError("--eml and --diff cannot be given together.");
        });
        command.SetAction((parsed, _) => LocalApiClient.RunAsync(
            parsed.GetValue(config), CommonOptions.Pairs(parsed.GetRequiredValue(set)), client => parsed.GetValue(eml)
                ? ShowMessageAsync(client, parsed.GetRequiredValue(id))
                : parsed.GetValue(diff) ? ShowDiffAsync(client, parsed.GetRequiredValue(id), parsed.GetValue(json))
                : ShowHistoryAsync(client, parsed.GetRequiredValue(id), parsed.GetValue(json))));
        return command;
    }

    private static async Task<int> ShowMessageAsync(LocalApiClient client, string id)
    {
        await using var output = Console.OpenStandardOutput();
        var answer = await client.ReadAsync(id, output);
        if (answer.IsDone) return ExitCode.Done;
        await Console.Error.WriteLineAsync($"error: {answer.Text}");
        return ExitCode.Failed;
    }

    private static async Task<int> ShowDiffAsync(LocalApiClient client, string id, bool asJson)
    {
        var (diff, answer) = await client.CompareAsync(id);
        if (diff is null)
        {
            await Console.Error.WriteLineAsync($"error: {answer.Text}");
            return ExitCode.Failed;
        }

        if (asJson) Console.WriteLine(JsonSerializer.Serialize(diff, ApiJson.Default.ApiDiff));
        else DiffPrinter.Print(Console.Out, diff);
        return ExitCode.Done;
    }

    private static async Task<int> ShowHistoryAsync(LocalApiClient client, string id, bool asJson)
    {
        if (await client.FindAsync(id) is not { } mail)
        {
            await Console.Error.WriteLineAsync($"error: there is no mail {id}, or its history has expired.");
            return ExitCode.Failed;
        }

        if (asJson) Console.WriteLine(JsonSerializer.Serialize(mail, ApiJson.Default.ApiMailDetails));
        else MailPrinter.PrintDetails(Console.Out, mail);
        return ExitCode.Done;
    }
}
