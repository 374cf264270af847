using Vsmtp.Mail.Addresses;
using Vsmtp.Rules.Api;
using Vsmtp.Rules.Running;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>Changes to sender and recipients.</summary>
internal static class EnvelopeFunctions
{
    /// <summary>Far beyond what RFC 5321 §4.5.3.1.8 asks for; a loop ends here.</summary>
    private const int MaxRecipients = 10_000;

    public static void AddTo(ApiTable api)
    {
        api.Section(
            "Envelope",
            "Who gets the mail, and to whom a failure is told. The message's own From and To are another matter: [Message](#message). "
            + "A change before MAIL or RCPT is lost when the command comes.");
        api.OnContext(
            new ApiDoc("rewrite_mail_from_envelop(new: address)", "Makes `new` the sender.")
            {
                Newer = ["envelop::rw_mail_from"],
            },
            RewriteSender);
        api.OnContext(
            new ApiDoc("rewrite_rcpt_envelop(old: address, new: address)", "Puts `new` in the place of `old`, to be delivered; "
                + "appends it when `old` is not there.")
            {
                Older = ["rewrite_rcpt"],
            },
            RewriteRecipient);
        api.OnContext(
            new ApiDoc("envelop::rw_rcpt(old: address, new: address)", "Takes `old` out and appends `new`, to be delivered.")
            {
                Errors = "`old` is not in the envelope",
            },
            ExchangeRecipient);
        api.OnContext(
            new ApiDoc("add_rcpt_envelop(addr: address)", "Appends a recipient, to be delivered; one that is there already is "
                + "there twice.")
            {
                Newer = ["envelop::add_rcpt"], Older = ["add_rcpt"],
            },
            AddRecipient);
        api.OnContext(
            new ApiDoc("bcc(addr: address)", "The same.") { Newer = ["envelop::bcc"] }, AddRecipient);
        api.OnContext(
            new ApiDoc("remove_rcpt_envelop(addr: address)", "Takes the first equal recipient out; nothing when there is none.")
            {
                Newer = ["envelop::rm_rcpt"], Older = ["remove_rcpt"],
            },
            RemoveRecipient);
    }

    public static Completion RewriteSender(StageState state, ReadOnlySpan<Value> arguments)
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

    /// <summary>As vSMTP 2.x does it.</summary>
    private static Completion ExchangeRecipient(StageState state, ReadOnlySpan<Value> arguments)
    {
        if (!Argument.TryAddress(arguments[0], out var old, out var error)) return error;
        if (!Argument.TryAddress(arguments[1], out var address, out error)) return error;
        var recipients = state.Context.Recipients;
        var index = recipients.FindIndex(r => r.Address == old);
        if (index < 0) return Completion.Error($"the recipient `{old}` is not in the envelope");
        recipients.RemoveAt(index);
        return Add(recipients, address);
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
