using System.CommandLine;
using System.Text.Json;
using Vsmtp.Cli.Queues;
using Vsmtp.Dashboard.Api;
using Vsmtp.Rules;

namespace Vsmtp.Cli.RuleSets;

/// <summary><c>vsmtp rules</c>: which rule sets mails wait under, and moves them to the present one.</summary>
internal static class RulesCommands
{
    public static Command Create() => new("rules", "Lists the rule sets that mails wait under, and moves mails to the current one.") { List(), Move(), Reference() };

    private static Command List()
    {
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var json = CommonOptions.Json();
        var command = new Command("list", "Lists the rule sets in use, and where mails sleep under them.") { config, set, json };
        command.SetAction((parsed, _) => LocalApiClient.RunAsync(
            parsed.GetValue(config), CommonOptions.Pairs(parsed.GetRequiredValue(set)), async client =>
            {
                var sets = await client.ListRulesAsync();
                if (parsed.GetValue(json)) Console.WriteLine(JsonSerializer.Serialize(sets, ApiJson.Default.ImmutableArrayApiRuleSet));
                else RuleSetPrinter.Print(Console.Out, sets);
                return ExitCode.Done;
            }));
        return command;
    }

    private static Command Move()
    {
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var ids = new Argument<string[]>("ID") { Description = "The mails.", Arity = ArgumentArity.ZeroOrMore };
        var from = new Option<string?>("--from") { Description = "All mails under these rules: their hash, or the beginning of it.", HelpName = "HASH" };
        var all = new Option<bool>("--all") { Description = "All mails that are not under the current rules." };
        var toCurrent = new Option<bool>("--to-current") { Description = "To the current rules; there are no others to move to." };
        var restart = new Option<bool>("--restart") { Description = "Runs the mails' stage from its first rule, instead of going on where they sleep." };
        var command = new Command("move", "Has mails that sleep go on under the current rules.") { ids, from, all, toCurrent, restart, config, set };
        command.Validators.Add(result =>
        {
            var ways = new[] { result.GetValue(ids) is { Length: > 0 }, result.GetValue(from) is not null, result.GetValue(all) };
            if (ways.Count(isGiven => isGiven) != 1) result.AddError("Name mails by their ids, or give --from HASH, or --all.");
        });
        command.SetAction((parsed, _) => LocalApiClient.RunAsync(
            parsed.GetValue(config), CommonOptions.Pairs(parsed.GetRequiredValue(set)), client => parsed.GetValue(ids) is { Length: > 0 } named
                ? MoveNamedAsync(client, named, parsed.GetValue(restart))
                : MoveAllAsync(client, parsed.GetValue(from), parsed.GetValue(restart))));
        return command;
    }

    /// <summary>For eng/generate-api-docs.</summary>
    private static Command Reference()
    {
        var command = new Command("reference", "Prints docs/vsl-api.md.") { Hidden = true };
        command.SetAction(_ =>
        {
            Console.Write(RuleReference.ToMarkdown());
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<int> MoveNamedAsync(LocalApiClient client, string[] ids, bool restarts)
    {
        var areAllMoved = true;
        foreach (var id in ids)
        {
            var answer = await client.ActAsync(id, restarts ? "move?restart=true" : "move");
            areAllMoved &= answer.IsDone;
            await (answer.IsDone ? Console.Out : Console.Error).WriteLineAsync(answer.Text);
        }

        return areAllMoved ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>By pages: the server never has more of them in hand than one page.</summary>
    private static async Task<int> MoveAllAsync(LocalApiClient client, string? from, bool restarts)
    {
        var (moved, refused) = (0, 0);
        string? after = null;
        do
        {
            var (page, words) = await client.MovePageAsync(from, after, restarts);
            if (page is null)
            {
                // The pages before may have moved the last mail of the set.
                if (after is not null) break;
                await Console.Error.WriteLineAsync($"error: {words}");
                return ExitCode.Failed;
            }

            foreach (var refusal in page.Refused) await Console.Error.WriteLineAsync(refusal.Why);
            (moved, refused, after) = (moved + page.Moved, refused + page.Refused.Length, page.Last);
            if (after is not null) Console.WriteLine($"{moved} moved, {refused} refused so far");
        }
        while (after is not null);

        Console.WriteLine($"{moved} moved, {refused} refused");
        return refused == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
