using Vsmtp.Mail.Addresses;
using Vsmtp.Mail.Headers;
using Vsmtp.Rules.Api;
using Vsmtp.Rules.Files;
using Vsmtp.Rules.Running;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>The message's own author and recipients, and its whole text.</summary>
internal static class MessageFunctions
{
    /// <summary>More than a change can add: an address, a fold, a field's name.</summary>
    private const int MostAdded = 512;

    private const ApiReceivers Both = ApiReceivers.Message | ApiReceivers.Context;
    private const string ListErrors = "a To with a quote, comment, bracket or group that is not closed";

    public static void AddTo(ApiTable api)
    {
        api.Section(
            "Message",
            "Author and recipients as the message names them, for the eyes of its readers. Addresses are found as mail programs "
                + "find them: not in "
            + "names, comments and longer addresses, but within angle brackets and groups. Names, comments, groups, folds and "
            + "all other headers "
            + "keep their bytes, and the change is in the mail that leaves. A signature (DKIM) that covers the header no longer holds.");
        api.OnAsync(
            Both,
            new ApiDoc("mail() -> string", "The whole message as it stands, headers with all changes and body. It counts as "
                + "memory of the rules, twice its size; `msg().mail` is the same.")
            {
                Newer = ["msg::mail"], Errors = "a message larger than the memory that the stage has left",
            },
            MailAsync);
        api.OnPaying(
            Both,
            new ApiDoc("rewrite_mail_from_message(new: address)", "Makes `new` the only address of From.")
            {
                Newer = ["msg::rw_mail_from"], First = Stage.Preq,
            },
            RewriteSender);
        api.OnPaying(
            Both, new ApiDoc("rewrite_mail_from(new: address)", "Makes `new` the sender of the envelope and the only address of "
                + "From.") { First = Stage.Preq },
            RewriteBoth);
        api.OnPaying(
            Both,
            new ApiDoc("rewrite_rcpt_message(old: address, new: address)", "Puts `new` in the place of `old` in To, whose name "
                + "it keeps; without a To adds one with `new`.")
            {
                Newer = ["msg::rw_rcpt"], Older = ["rewrite_to"], First = Stage.Preq, Errors = ListErrors,
            },
            RewriteRecipient);
        api.OnPaying(
            Both,
            new ApiDoc("add_rcpt_message(addr: address)", "Appends it to To; without a To adds one.")
            {
                Newer = ["msg::add_rcpt"], Older = ["add_to"], First = Stage.Preq, Errors = ListErrors,
            },
            AddRecipient);
        api.OnPaying(
            Both,
            new ApiDoc("remove_rcpt_message(addr: address)", "Takes it out of To, with its name and comma; the only one there stays.")
            {
                Newer = ["msg::rm_rcpt"], Older = ["remove_to"], First = Stage.Preq, Errors = ListErrors,
            },
            RemoveRecipient);
    }

    private static async ValueTask<Completion> MailAsync(StageState state, HostCall call, Value[] arguments)
    {
        var message = new MessageCopy(state.Context);
        var bytes = sizeof(char) * message.Length;
        if (bytes > call.BytesLeft)
        {
            return Completion.Error($"mail: the message has {message.Length} bytes, and the rules of this stage have memory for "
                + $"{call.BytesLeft / sizeof(char)}");
        }

        return call.TryCharge(bytes) ? await message.ReadTextAsync(call.Cancellation).ConfigureAwait(false) : call.SpentBudget;
    }

    private static Completion RewriteBoth(StageState state, HostCall call, ReadOnlySpan<Value> arguments)
    {
        var made = RewriteSender(state, call, arguments);
        return made.IsValue ? EnvelopeFunctions.RewriteSender(state, arguments) : made;
    }

    private static Completion RewriteSender(StageState state, HostCall call, ReadOnlySpan<Value> arguments) =>
        Argument.TryAddress(arguments[0], out var address, out var error)
            ? Edit(state, call, headers => AddressHeaders.SetSender(headers, address))
            : error;

    private static Completion RewriteRecipient(StageState state, HostCall call, ReadOnlySpan<Value> arguments)
    {
        if (!Argument.TryAddress(arguments[0], out var old, out var error)) return error;
        if (!Argument.TryAddress(arguments[1], out var address, out error)) return error;
        return Edit(state, call, headers => AddressHeaders.ReplaceRecipient(headers, old, address));
    }

    private static Completion AddRecipient(StageState state, HostCall call, ReadOnlySpan<Value> arguments) =>
        Argument.TryAddress(arguments[0], out var address, out var error)
            ? Edit(state, call, headers => AddressHeaders.AddRecipient(headers, address))
            : error;

    private static Completion RemoveRecipient(StageState state, HostCall call, ReadOnlySpan<Value> arguments) =>
        Argument.TryAddress(arguments[0], out var address, out var error)
            ? Edit(state, call, headers => AddressHeaders.RemoveRecipient(headers, address))
            : error;

    private static Completion Edit(StageState state, HostCall call, Func<HeaderBlock, HeaderFault> edit)
    {
        // What rules add earlier goes in front of the message's own headers: it would be a second From.
        if (state.Context is not { MessageBytes: not null, Headers: { } headers }) return ContextFunctions.Missing("message", Stage.Preq, state);
        if (!HeaderFunctions.HasRoom(headers, MostAdded, out var error)) return error;
        // Each reads a whole field and makes a new one, so that a loop over a long list is paid for.
        if (!call.TryCharge(headers.Length)) return call.SpentBudget;
        return edit(headers) is HeaderFault.Unreadable
            ? Completion.Error("failed to parse the header `To`: a quote, comment, bracket or group in it is not closed")
            : Completion.Unit;
    }
}
