using System.Collections.Immutable;
using Vsmtp.Mail.Headers;
using Vsmtp.Mail.Transfer;
using Vsmtp.Rules;

namespace Vsmtp.Cli.Explaining;

/// <summary>Envelope and headers at one moment, to say what rules have changed since.</summary>
internal sealed class MailSnapshot
{
    private readonly string _sender;
    private readonly ImmutableArray<string> _recipients;
    private readonly int _edits;

    public MailSnapshot(RuleContext context)
    {
        _sender = SenderOf(context);
        _recipients = [.. context.Recipients.Select(Describe)];
        _edits = context.Headers?.Edits.Count ?? 0;
    }

    public static string SenderOf(RuleContext context) => context.Sender?.Address?.ToString() ?? "";

    public static string TransportOf(RuleRecipient recipient) =>
        recipient.Transport.ToString().ToLowerInvariant() + (recipient.Target is { } target ? $" to {ForwardUrl.WithoutSecrets(target)}" : "");

    /// <summary>In words, one for each change.</summary>
    public ImmutableArray<string> ChangesTo(RuleContext context)
    {
        var changes = ImmutableArray.CreateBuilder<string>();
        if (SenderOf(context) is var sender && sender != _sender) changes.Add($"sender: <{_sender}> is now <{sender}>");
        var recipients = context.Recipients.Select(Describe).ToList();
        changes.AddRange(_recipients.Except(recipients).Select(gone => $"recipient gone: {gone}"));
        changes.AddRange(recipients.Except(_recipients).Select(come => $"recipient: {come}"));
        changes.AddRange((context.Headers?.Edits ?? []).Skip(_edits).Select(Describe));
        return changes.ToImmutable();
    }

    private static string Describe(RuleRecipient recipient) => $"<{recipient.Address}> by {TransportOf(recipient)}";

    private static string Describe(HeaderEdit edit) => edit switch
    {
        HeaderEdit.Prepend e => $"header in front: {e.Name}: {e.Value}",
        HeaderEdit.Append e => $"header at the end: {e.Name}: {e.Value}",
        HeaderEdit.AppendField e => $"header at the end: {e.Field.TrimEnd()}",
        HeaderEdit.Set e => $"header set: {e.Name}: {e.Value}",
        HeaderEdit.ReplaceField e => $"header set: {e.Field.TrimEnd()}",
        HeaderEdit.Remove e => $"header removed: {e.Name}",
        HeaderEdit.RemoveAll e => $"headers removed: every {e.Name}",
        HeaderEdit.Rename e => $"header renamed: {e.Name} is now {e.NewName}",
        _ => edit.ToString()!,
    };
}
