using Vsmtp.Cli.Queues;

namespace Vsmtp.Cli.Explaining;

/// <summary>An explanation for people. What strangers wrote is printed without its control characters.</summary>
internal static class ExplanationPrinter
{
    public static void Print(TextWriter output, Explanation explanation)
    {
        foreach (var stage in explanation.Stages) Print(output, stage);
        output.WriteLine();
        output.WriteLine($"In the end: {MailPrinter.Plain(explanation.End)}");
        if (explanation.Queue is null) return;
        output.WriteLine($"  from <{MailPrinter.Plain(explanation.Sender)}>");
        foreach (var recipient in explanation.Recipients)
            output.WriteLine($"  to <{MailPrinter.Plain(recipient.Address)}> by {MailPrinter.Plain(recipient.Transport)}");
    }

    private static void Print(TextWriter output, ExplainedStage stage)
    {
        var subject = stage.Subject is null ? "" : $" {MailPrinter.Plain(stage.Subject)}";
        var reply = stage.Reply is null ? "" : $", with the reply {MailPrinter.Plain(stage.Reply)}";
        output.WriteLine($"{stage.Stage}{subject}: {stage.Status}{reply}{(stage.Directives.IsEmpty ? " (no directive)" : "")}");
        foreach (var directive in stage.Directives) Print(output, directive);
        foreach (var change in stage.Changes) output.WriteLine($"    {MailPrinter.Plain(change)}");
        if (stage.DecidedAt is not null) output.WriteLine($"    decided at {stage.DecidedAt}: {MailPrinter.Plain(stage.Line ?? "")}");
        if (stage.Reason is not null) output.WriteLine($"    {MailPrinter.Plain(stage.Reason.Replace("\n", "; ", StringComparison.Ordinal))}");
    }

    private static void Print(TextWriter output, ExplainedDirective directive)
    {
        var handler = directive.Handler is null or "evaluate" ? "" : $", handler {directive.Handler}";
        output.WriteLine($"  {directive.Kind} \"{directive.Name}\" ({directive.At}{handler}): {directive.Status ?? "script error"}");
        foreach (var seen in directive.Seen)
        {
            var mark = seen.IsCondition ? "if" : "  ";
            output.WriteLine($"      {mark} {MailPrinter.Plain(seen.Expression)} is {MailPrinter.Plain(seen.Value)} ({seen.At})");
        }
    }
}
