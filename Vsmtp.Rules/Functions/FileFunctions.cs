using Vsmtp.Rules.Api;
using Vsmtp.Rules.Files;
using Vsmtp.Rules.Running;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>Files and logs that rules write.</summary>
internal static class FileFunctions
{
    private const ApiReceivers Both = ApiReceivers.Context | ApiReceivers.Message;
    private const string Errors = "a `dir` that leads out of `app.dirpath`, in its text or by a symbolic link; a file that "
        + "cannot be written";

    public static void AddTo(ApiTable api)
    {
        api.Section(
            "Files and logs",
            "Files are written below `app.dirpath`, in folders that are made where they are missing, readable for the server's "
                + "user alone. "
            + "A file that is there is replaced as a whole; nobody sees half of one.");
        api.OnAsync(
            Both,
            new ApiDoc("write(dir: text)", "Writes the message to `{app.dirpath}/dir/{message_id}.eml`, headers with all changes "
                + "and body; before `preq` there are only headers that rules have added.")
            {
                Newer = ["fs::write"], First = Stage.Mail, Errors = Errors,
            },
            (state, call, a) => SaveAsync("write", ".eml", state, a[0], new MessageCopy(state.Context).WriteToAsync, call.Cancellation));
        api.OnAsync(
            Both,
            new ApiDoc("dump(dir: text)", "Writes the transaction as JSON, without the message, to "
                + "`{app.dirpath}/dir/{message_id}.json`.")
            {
                Newer = ["fs::dump"], First = Stage.Mail, Errors = Errors,
            },
            (state, call, a) => SaveAsync(
                "dump", ".json", state, a[0],
                async (stream, cancellation) => await stream.WriteAsync(ContextDump.Of(state.Stage, state.Context), cancellation).ConfigureAwait(false),
                call.Cancellation));
        api.Global(
            new ApiDoc("log(level: text, text: any)", "Writes to the application log. Levels are `trace`, `debug`, `info`, "
                + "`warn` and `error`; with another one the text is a warning about it.")
            {
                Newer = ["logging::log"],
            },
            Log);
    }

    private static async ValueTask<Completion> SaveAsync(
        string function, string extension, StageState state, Value folder, Func<Stream, CancellationToken, Task> write, CancellationToken cancellation)
    {
        if (!Argument.TryText(folder, out var text, out var error)) return error;
        if (state.Context is not { MessageId: { } id, MailAt: not null }) return ContextFunctions.Missing("message_id", Stage.Mail, state);
        if (!ApplicationFile.TryCreate(state.Options.AppDirectory, text, id + extension, out var file, out var fault))
        {
            return Completion.Error($"{function}: {fault}");
        }

        try
        {
            await file.WriteAsync(write, cancellation).ConfigureAwait(false);
            return Completion.Unit;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Completion.Error($"{function}: `{file.Path}` cannot be written: {e.Message}");
        }
    }

    private static Completion Log(HostCall call, ReadOnlySpan<Value> arguments)
    {
        if (!Argument.TryText(arguments[0], out var level, out var error)) return error;
        var state = (RuleState)call.State!;
        var text = arguments[1].ToText();
        var isKnown = Enum.TryParse<RuleLogLevel>(level, ignoreCase: true, out var known) && char.IsAsciiLetter(level[0]);
        if (isKnown) state.Write(known, text);
        else state.Write(RuleLogLevel.Warn, $"unknown log level `{level}`: {text}");
        return Completion.Unit;
    }
}
