using Vsmtp.Mail.Addresses;
using Vsmtp.Rules.Running;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>Changes to sender and recipients.</summary>
internal static class EnvelopeFunctions
{
    /// <summary>Far beyond what RFC 5321 §4.5.3.1.8 asks for; a loop ends here.</summary>
    private const int MaxRecipients = 10_000;

    public static void Register(RuleApi api)
    {
        api.OnContext("rewrite_mail_from_envelop", 1, RewriteSender);
        api.OnContext("rewrite_rcpt_envelop", 2, RewriteRecipient);
        api.OnContext("add_rcpt_envelop", 1, AddRecipient);
        api.OnContext("bcc", 1, AddRecipient);
        api.OnContext("remove_rcpt_envelop", 1, RemoveRecipient);
    }

    private static Completion RewriteSender(StageState state, ReadOnlySpan<Value> arguments)
    {
        if (!Argument.TryAddress(arguments[0], out var address, out var error)) return error;
        state.Context.Sender = new ReversePath(address);
        return Completion.Unit;
    }

    /// <summary>The new one takes the place of the old one, or the last place when there is no such recipient.</summary>
    private static Completion RewriteRecipient(StageState state, ReadOnlySpan<Value> arguments)
    {
        if (!Argument.TryAddress(arguments[0], out var old, out var error)) return error;
        if (!Argument.TryAddress(arguments[1], out var address, out error)) return error;
        var recipients = state.Context.Recipients;
        var index = recipients.FindIndex(r => r.Address == old);
        if (index < 0) return Add(recipients, address);
        recipients[index] = new RuleRecipient(address);
        return Completion.Unit;
    }

    private static Completion AddRecipient(StageState state, ReadOnlySpan<Value> arguments) =>
        Argument.TryAddress(arguments[0], out var address, out var error) ? Add(state.Context.Recipients, address) : error;

    private static Completion Add(List<RuleRecipient> recipients, MailAddress address)
    {
        if (recipients.Count >= MaxRecipients) return Completion.Error($"an envelope has at most {MaxRecipients} recipients");
        recipients.Add(new RuleRecipient(address));
        return Completion.Unit;
    }

    private static Completion RemoveRecipient(StageState state, ReadOnlySpan<Value> arguments)
    {
        if (!Argument.TryAddress(arguments[0], out var address, out var error)) return error;
        var index = state.Context.Recipients.FindIndex(r => r.Address == address);
        if (index >= 0) state.Context.Recipients.RemoveAt(index);
        return Completion.Unit;
    }
}
