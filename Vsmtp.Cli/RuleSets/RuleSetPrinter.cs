using System.Collections.Immutable;
using Vsmtp.Cli.Queues;
using Vsmtp.Dashboard.Api;

namespace Vsmtp.Cli.RuleSets;

/// <summary>Prints rule sets for people.</summary>
internal static class RuleSetPrinter
{
    public static void Print(TextWriter output, ImmutableArray<ApiRuleSet> sets)
    {
        foreach (var set in sets)
        {
            output.WriteLine($"{set.Hash[..Math.Min(12, set.Hash.Length)]}  {StateOf(set)}, {Count(set.Mails)}");
            foreach (var at in set.Waiting)
            {
                var services = at.Services.IsEmpty ? "" : $" for {string.Join(", ", at.Services.Select(MailPrinter.Plain))}";
                output.WriteLine($"    {Count(at.Mails)} at {at.Stage} \"{MailPrinter.Plain(at.Directive)}\"{services}");
                if (at is { WhyNotCurrent: { } whyNot } && !set.IsCurrent)
                    output.WriteLine($"        not in the current rules: they {MailPrinter.Plain(whyNot)}");
            }
        }
    }

    private static string StateOf(ApiRuleSet set)
    {
        var since = set.PutAt is { } at ? $", since {MailPrinter.Time(at)}" : "";
        var state = set switch
        {
            { IsCurrent: true } => "current",
            { ReplacedAt: { } replacedAt } => $"replaced {MailPrinter.Time(replacedAt)}",
            _ => "not current",
        };
        return $"{state}{since}{(set.IsLoadable ? "" : ", cannot be loaded")}";
    }

    private static string Count(long mails) => mails == 1 ? "1 mail" : $"{mails} mails";
}
