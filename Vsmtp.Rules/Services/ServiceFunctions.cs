using Vsmtp.Rules.Api;
using Vsmtp.Rules.Functions;
using Vsmtp.Rules.Loading;
using Vsmtp.Rules.Objects;
using Vsmtp.Rules.Services.Commands;
using Vsmtp.Rules.Services.Csv;
using Vsmtp.Rules.Services.Sql;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Services;

/// <summary>What rules call on services: <c>svc.run()</c>, <c>db.get(key)</c>, <c>db.query("…", [values])</c>; and the older names.</summary>
internal static class ServiceFunctions
{
    private const string Sql = "db:sqlite or db:postgres";

    private static readonly ServiceMethod[] Methods =
    [
        Of<CommandRunner>("cmd", new ApiDoc("run() -> result", "Runs the command with the arguments of its declaration, and waits for its end.")
            { Older = ["cmd_run"], Errors = "it cannot be started; its user or group is unknown" },
            (runner, call, _) => runner.RunAsync(call, runner.Arguments)),
        Of<CommandRunner>("cmd", new ApiDoc("run(args: array) -> result", "The same with other arguments in the place of those.")
            { Older = ["cmd_run"], Errors = "as above; an argument that is no text, or holds NUL" },
            (runner, call, a) => TryArguments(a[0], out var given, out var error) ? runner.RunAsync(call, given) : new(error)),
        Of<CsvDatabase>("db:csv", new ApiDoc("get(key: text) -> array", "The fields of the first record whose first field is the key; `[]` when there is none.")
            { Older = ["db_query"], Errors = "the file cannot be read" },
            (csv, call, a) => Argument.TryText(a[0], out var key, out var error) ? csv.FindAsync(call, key) : new(error)),
        Of<CsvDatabase>("db:csv", new ApiDoc("set(record: array)", "Appends a record.")
            { Older = ["db_add"], Errors = "the file cannot be written, or only be read" },
            (csv, call, a) => TryFields(a[0], out var fields, out var error) ? csv.AddAsync(call, fields) : new(error)),
        Of<CsvDatabase>("db:csv", new ApiDoc("rm(key: text)", "Removes the records whose first field is the key.")
            { Older = ["db_rm"], Errors = "the file cannot be written, or only be read" },
            (csv, call, a) => Argument.TryText(a[0], out var key, out var error) ? csv.RemoveAsync(call, key) : new(error)),
        Of<SqlDatabase>(Sql, new ApiDoc("query(text: text) -> array", "Asks the database; a map for each row.")
            { Errors = "what the database says; too many rows or bytes; no answer in time" },
            (database, call, a) => Argument.TryText(a[0], out var text, out var error) ? database.QueryAsync(call, text, []) : new(error)),
        Of<SqlDatabase>(Sql, new ApiDoc("query(text: text, values: array) -> array", "The same with a value for each `$1`, `$2`… of the text.")
            { Errors = "as above; another number of values" },
            (database, call, a) => OnStatement(a, (text, values) => database.QueryAsync(call, text, values))),
        Of<SqlDatabase>(Sql, new ApiDoc("execute(text: text) -> int", "Has the database do something; how many rows it was done to.")
            { Errors = "what the database says; no answer in time" },
            (database, call, a) => Argument.TryText(a[0], out var text, out var error) ? database.ExecuteAsync(call, text, []) : new(error)),
        Of<SqlDatabase>(Sql, new ApiDoc("execute(text: text, values: array) -> int", "The same with a value for each `$1`, `$2`… of the text.")
            { Errors = "as above; another number of values" },
            (database, call, a) => OnStatement(a, (text, values) => database.ExecuteAsync(call, text, values))),
    ];

    private delegate ValueTask<Completion> ServiceFunction<in T>(T engine, HostCall call, Value[] arguments)
        where T : ServiceEngine;

    /// <summary>To the chapter of services.</summary>
    public static void AddTo(ApiTable api)
    {
        foreach (var method in Methods) api.MethodAsync<ServiceObject>("service", method.Doc, method.CallAsync);
        Result(api, "has_code() -> bool", "Whether the command ended by itself.");
        Result(api, "code() -> int", "Its exit code.", "a signal ended it");
        Result(api, "has_signal() -> bool", "Whether a signal ended it, as after its time-out.");
        Result(api, "signal() -> int", "That signal.", "it ended by itself");
    }

    /// <summary>The form <c>sys::db_query(db, key)</c> of all of them, under all their names.</summary>
    public static void Register(ScriptHostBuilder host)
    {
        foreach (var method in Methods)
        {
            var signature = ApiSignature.Parse(method.Doc.Signature);
            foreach (var name in method.Doc.Older.Append(signature.Name))
                host.Module("sys", sys => sys.AsyncFunction(name, signature.Parameters.Length + 1, method.CallAsync));
        }
    }

    private static void Result(ApiTable api, string signature, string text, string? errors = null)
    {
        var name = ApiSignature.Parse(signature).Name;
        api.Method<CommandResult>("result", new ApiDoc(signature, text) { Errors = errors }, (call, a) =>
            a[0].AsHost().TryGetProperty(name, call, out var value) ? value : Completion.Unit);
    }

    private static ServiceMethod Of<T>(string kind, ApiDoc doc, ServiceFunction<T> function)
        where T : ServiceEngine
    {
        var name = ApiSignature.Parse(doc.Signature).Name;
        return new ServiceMethod(doc, (call, arguments) => CallAsync(name, kind, function, call, arguments));
    }

    private static ValueTask<Completion> OnStatement(Value[] a, Func<string, IReadOnlyList<Value>, ValueTask<Completion>> run) =>
        !Argument.TryText(a[0], out var text, out var error) ? new(error)
        : a[1].TryAsArray(out var values) ? run(text, values)
        : new(Completion.Error($"the values of a statement must be an array, not a value of type {a[1].TypeName}"));

    private static ValueTask<Completion> CallAsync<T>(string name, string kind, ServiceFunction<T> function, HostCall call, Value[] arguments)
        where T : ServiceEngine
    {
        if (!arguments[0].TryAsHost<ServiceObject>(out var service)) return new(Completion.Error($"`{name}` is called on a service, not on a value of type {arguments[0].TypeName}"));
        // A set is loaded again where and when a mail wakes under it, and must be the same set then.
        if (call.State is LoadState) return new(Completion.Error($"`{name}` is called while the rules are loaded: call it in a directive"));
        return service.Engine is T engine
            ? function(engine, call, arguments[1..])
            : new(Completion.Error($"`{name}` needs a service of kind {kind}, and `{service.Name}` is of kind {service.Kind}"));
    }

    private static bool TryArguments(Value value, out string[] arguments, out Completion error)
    {
        if (!TryTexts(value, isStrict: true, out arguments, out error)) return false;
        if (!arguments.Any(argument => argument.Contains('\0'))) return true;
        error = Completion.Error("an argument of a command cannot hold NUL");
        return false;
    }

    private static bool TryFields(Value value, out string[] fields, out Completion error) => TryTexts(value, isStrict: false, out fields, out error);

    /// <param name="isStrict">Only strings and objects; else numbers and booleans, too.</param>
    private static bool TryTexts(Value value, bool isStrict, out string[] texts, out Completion error)
    {
        (texts, error) = ([], default);
        if (!value.TryAsArray(out var array))
        {
            error = Completion.Error($"an array of strings is needed, not a value of type {value.TypeName}");
            return false;
        }

        var read = new List<string>();
        foreach (var item in array)
        {
            var isText = item.Kind is ValueKind.String or ValueKind.Character || item.TryAsHost<VslObject>(out _)
                || (!isStrict && item.Kind is ValueKind.Integer or ValueKind.Float or ValueKind.Boolean);
            if (!isText)
            {
                error = Completion.Error($"an array of strings is needed, and this one holds a value of type {item.TypeName}");
                return false;
            }

            read.Add(item.ToText());
        }

        texts = [.. read];
        return true;
    }

    /// <param name="CallAsync">Its first argument is the service.</param>
    private sealed record ServiceMethod(ApiDoc Doc, AsyncHostFunction CallAsync);
}
